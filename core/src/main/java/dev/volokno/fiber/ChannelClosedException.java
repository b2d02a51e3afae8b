package dev.volokno.fiber;

/** The {@link Channel} was closed: nothing can be sent any more, or nothing is left to receive. */
public final class ChannelClosedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /** Creates one that says what could not be done. */
    public ChannelClosedException(String message) {
        super(message);
    }
}
