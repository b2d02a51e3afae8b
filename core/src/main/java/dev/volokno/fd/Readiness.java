package dev.volokno.fd;

import dev.volokno.backend.PollOperation;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.engine.Place;
import dev.volokno.engine.PlaceWait;
import dev.volokno.fiber.Event;
import dev.volokno.linux.Errno;
import dev.volokno.linux.Poll;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The event that a descriptor is ready, as poll(2) means it; nothing is taken from it. */
final class Readiness extends Event<Fd> {
    private final Fd fd;
    private final Descriptor descriptor;
    private final int events;
    private @Nullable PlaceWait wait;
    private @Nullable PollOperation operation;

    Readiness(Fd fd, int events) {
        this.fd = fd;
        this.events = events;
        descriptor = fd.descriptor();
    }

    @Override
    protected boolean tryTake() throws IOException {
        descriptor.enter();
        try {
            if (isLeftOver()) {
                return true;
            }
            var poll = new PollOperation(descriptor.handle(), events);
            long answer = descriptor.attempt(poll);
            return !Errno.EAGAIN.is(answer) && descriptor.check(poll, answer) > 0;
        } finally {
            descriptor.leave();
        }
    }

    private boolean isLeftOver() {
        return events == Poll.POLLIN && descriptor.buffered() > 0;
    }

    @Override
    protected void begin(Place place) throws IOException {
        descriptor.enter();
        var poll = new PollOperation(descriptor.handle(), events);
        operation = poll;
        wait = new PlaceWait(descriptor.engine(), poll, place, this::over);
        wait.begin();
    }

    /** What comes when another event was faster stays for the next who waits. */
    private void over() {
        PlaceWait ended = wait;
        if (ended != null && ended.result() > 0) {
            descriptor.handle().keep((int) ended.result());
        }
        descriptor.leave();
    }

    @Override
    protected void end() {
        if (wait != null) {
            wait.end();
        }
    }

    @Override
    protected boolean isTaken() throws IOException {
        PollOperation poll = operation;
        PlaceWait begun = wait;
        if (poll == null || begun == null) {
            return false;
        }
        descriptor.handle().takeKept(events);
        return descriptor.check(poll, begun.result()) > 0;
    }

    @Override
    protected Fd value() {
        return fd;
    }
}
