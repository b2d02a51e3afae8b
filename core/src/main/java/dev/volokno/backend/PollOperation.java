package dev.volokno.backend;

import dev.volokno.linux.Errno;
import dev.volokno.linux.Poll;
import java.lang.foreign.MemorySegment;

/** poll(2) on one descriptor: the events that hold, errors and hang-up among them. */
public final class PollOperation extends Operation {
    private static final int ALWAYS_TOLD = Poll.POLLERR | Poll.POLLHUP;

    private final int events;

    public PollOperation(Handle handle, int events) {
        super(handle);
        this.events = events;
    }

    @Override
    public String call() {
        return "poll";
    }

    @Override
    public int readiness() {
        return events;
    }

    @Override
    boolean alwaysAsks() {
        return true;
    }

    @Override
    public long attempt(MemorySegment errno) {
        int found = Poll.now(errno, Kernel.scratch(errno), number(), events);
        if ((found & Poll.POLLNVAL) != 0) {
            // As a ring says it: the number was closed behind our back.
            return -Errno.EBADF.number();
        }
        found |= kept();
        return found == 0 ? WOULD_BLOCK : found;
    }

    private int kept() {
        return handle == null ? 0 : handle.takeKept(events);
    }

    @Override
    public long submitTo(Backend backend) {
        int kept = kept();
        return kept == 0 ? super.submitTo(backend) : kept;
    }

    @Override
    boolean encodable() {
        return true;
    }

    @Override
    void encode(long entry) {
        Sqe.poll(entry, number(), events);
    }

    @Override
    long received(long result) {
        if (Errno.EINVAL.is(result)) {
            // A ring's word for a file that cannot be waited for; epoll's says more.
            return -Errno.EPERM.number();
        }
        if (result < 0) {
            return result;
        }
        boolean anyArrival =
                (events & Poll.POLLPRI) != 0
                        && (result & Poll.POLLRDBAND) != 0
                        && (result & ALWAYS_TOLD) == 0;
        // A socket wakes with all these bits whatever has arrived: it is asked again.
        return anyArrival ? WOULD_BLOCK : result & (events | ALWAYS_TOLD);
    }
}
