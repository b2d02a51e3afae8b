package dev.volokno;

/**
 * A wait ended because its fiber was cancelled or a deadline around it has passed.
 *
 * <p>It is unchecked so that a {@code catch (IOException)} in a retry loop cannot swallow it.
 * Cancellation is level-triggered: every further wait of the cancelled fiber throws again. A single
 * call that throws this has moved no byte; a call that is made of several (writing a whole buffer,
 * say) tells in {@link #transferred()} how far it got.
 */
public final class CancelledException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long transferred;

    /** Creates one for a call that has moved nothing. */
    public CancelledException(String message) {
        this(message, 0);
    }

    /** Creates one for a call that has moved {@code transferred} bytes before it was cancelled. */
    public CancelledException(String message, long transferred) {
        super(message);
        this.transferred = transferred;
    }

    /**
     * The same for the call around the one that threw this: it had moved {@code total} bytes in
     * all.
     */
    public CancelledException with(long total) {
        var outer = new CancelledException(String.valueOf(getMessage()), total);
        outer.initCause(this);
        return outer;
    }

    /** How many bytes the call had moved. */
    public long transferred() {
        return transferred;
    }
}
