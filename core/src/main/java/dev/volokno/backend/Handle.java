package dev.volokno.backend;

import dev.volokno.linux.Poll;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A descriptor as a backend sees it: the number, the operations that wait on it, and what is known
 * of its readiness. Loop thread only.
 *
 * <p>{@code ready} holds the poll(2) bits under which a call may succeed. A bit is set by an event
 * and cleared by the call that finds nothing left, so an edge-triggered event is never lost:
 * whoever wants to wait has seen {@code EAGAIN} (or a short transfer, where that means the same)
 * after the last event that was taken in.
 */
public final class Handle {
    final int number;

    /**
     * A short read or write tells that the kernel's buffer is empty or full: true of stream
     * sockets, pipes and serial ports.
     */
    final boolean shortMeansDrained;

    private Object name = "";

    int ready = Poll.POLLIN | Poll.POLLOUT | Poll.POLLPRI;

    /** After a hang-up, an error or urgent data, a short transfer proves nothing. */
    boolean exceptional;

    /** A completion of the ring said that the socket held more. */
    boolean moreToRead;

    /** With its peer gone it says EAGAIN for ever, and only poll(2) tells (a pty's full master). */
    boolean fullWhenHungUp;

    /** As long as nobody has opened it for writing it is empty, which read(2) calls its end. */
    boolean awaitsWriter;

    /**
     * An exceptional condition that was told when nobody waited for it. Files like
     * /proc/self/mounts tell it once, to whoever asks, and that may have been epoll. Any thread;
     * null where the condition lasts until it is dealt with.
     */
    private @Nullable AtomicInteger told;

    /** The events for which it is in an epoll set; 0 if it is in none. */
    int registered;

    boolean unpollable;
    boolean closing;
    int slot = -1;

    /**
     * The file description may be in use by other processes: it stays blocking, and is asked before
     * each call.
     */
    boolean shared;

    private @Nullable Operation first;
    private @Nullable Operation last;

    public Handle(int number, boolean shortMeansDrained) {
        this.number = number;
        this.shortMeansDrained = shortMeansDrained;
    }

    public int number() {
        return number;
    }

    /** Declares that the file description is shared with others and blocking. */
    public Handle sharedWithOthers() {
        shared = true;
        return this;
    }

    /** Declares that a full buffer hides a hang-up. */
    public void fullWhenHungUp() {
        fullWhenHungUp = true;
    }

    /** Declares that it is the reading end of a fifo, which may not have had a writer yet. */
    public void awaitsWriter() {
        awaitsWriter = true;
    }

    /** Declares that an exceptional condition may be told only once. */
    public void keepsPriority() {
        told = new AtomicInteger();
    }

    /** Nobody took these events: an exceptional condition among them waits for the next. */
    public void keep(int events) {
        AtomicInteger kept = told;
        if (kept != null && (events & Poll.POLLPRI) != 0) {
            kept.set(events & (Poll.POLLPRI | Poll.POLLERR));
        }
    }

    /** Takes the exceptional condition that was told before, if {@code events} include one. */
    public int takeKept(int events) {
        AtomicInteger kept = told;
        return kept == null || (events & Poll.POLLPRI) == 0 ? 0 : kept.getAndSet(0);
    }

    /** What people know the file as: an object that says so by its {@code toString}, when asked. */
    public void named(Object path) {
        name = path;
    }

    public boolean isShared() {
        return shared;
    }

    /** From now on the descriptor is being closed, and no operation on it begins. */
    public void beginClosing() {
        closing = true;
    }

    /** It goes to another backend, which knows nothing of it yet. */
    public void reset() {
        ready = Poll.POLLIN | Poll.POLLOUT | Poll.POLLPRI;
        exceptional = false;
        moreToRead = false;
        unpollable = false;
    }

    /** The oldest pending operation. */
    public @Nullable Operation first() {
        return first;
    }

    boolean mayBeReady(Operation operation) {
        return (ready & operation.readiness()) != 0;
    }

    /** Takes in an event of the kernel. A hang-up or an error wakes both directions. */
    void happened(int events) {
        int bits = events & (Poll.POLLIN | Poll.POLLOUT | Poll.POLLPRI);
        if ((events & (Poll.POLLHUP | Poll.POLLERR | Poll.POLLNVAL)) != 0) {
            bits |= Poll.POLLIN | Poll.POLLOUT | Poll.POLLPRI | Poll.POLLRDHUP;
        }
        if ((events & Poll.POLLRDHUP) != 0) {
            bits |= Poll.POLLIN | Poll.POLLRDHUP;
        }
        if ((events & ~(Poll.POLLIN | Poll.POLLOUT)) != 0) {
            exceptional = true;
        }
        ready |= bits;
        keep(events);
    }

    /** Learns from what a call returned, where waiting again asks the kernel first. */
    void transferred(Operation operation, long result) {
        if (result < operation.requested()) {
            ready &= ~operation.readiness();
            moreToRead = false;
        }
    }

    /** Learns from what a call returned, where an event comes only once. */
    void attempted(Operation operation, long result) {
        boolean drained =
                Operation.wouldBlock(result)
                        || (shortMeansDrained
                                && !exceptional
                                && result > 0
                                && result < operation.requested());
        if (drained) {
            ready &= ~operation.readiness();
        }
    }

    void link(Operation operation) {
        operation.previous = last;
        operation.next = null;
        if (last == null) {
            first = operation;
        } else {
            last.next = operation;
        }
        last = operation;
    }

    void unlink(Operation operation) {
        Operation previous = operation.previous;
        Operation next = operation.next;
        if (previous == null) {
            first = next;
        } else {
            previous.next = next;
        }
        if (next == null) {
            last = previous;
        } else {
            next.previous = previous;
        }
        operation.previous = null;
        operation.next = null;
    }

    @Override
    public String toString() {
        return name.equals("") ? "fd " + number : "fd " + number + " " + name;
    }
}
