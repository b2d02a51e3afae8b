package dev.volokno.loop;

import dev.volokno.backend.Completion;
import dev.volokno.backend.Operation;
import dev.volokno.engine.Engine;
import dev.volokno.engine.Polled;
import dev.volokno.fiber.Scope;
import dev.volokno.linux.Errno;
import dev.volokno.linux.Poll;
import java.io.IOException;

/**
 * A callback that a descriptor's readiness calls. It is a user of the descriptor from beginning to
 * end, so that the number stays what it is; until its end it has either one poll in progress or a
 * turn to come.
 */
final class WatchedCallback extends LoopCallback implements Completion {
    private final Polled polled;
    private final WatchCallback callback;

    // Loop thread, after the first time.
    private int events;
    private Operation poll;

    /** What a poll found that was not told yet, or the negated errno it failed with. */
    private int found;

    private boolean inside = true;

    /** {@code polled} was entered for it. */
    WatchedCallback(Loop loop, Scope scope, Polled polled, int events, WatchCallback callback)
            throws IOException {
        super(loop, scope);
        this.polled = polled;
        this.events = events;
        this.callback = callback;
        poll = polled.poll(events);
    }

    @Override
    void arm() {
        if ((events & Poll.POLLIN) != 0 && polled.buffered() > 0) {
            found = Poll.POLLIN;
            due();
        } else {
            engine().startFor(this, poll, false);
        }
    }

    @Override
    public void completed(Operation operation, long result) {
        engine().ended(false);
        if (Errno.ECANCELED.is(result) || result == Engine.ENDED) {
            end();
        } else {
            found = (int) result;
            due();
        }
        if (isEnded()) {
            leave();
        }
    }

    @Override
    protected void call() throws Exception {
        if (!polled.isOpen()) {
            end();
            return;
        }
        if (found < 0) {
            throw polled.failure(poll, found);
        }
        Conditions ready = Conditions.of(found);
        found = 0;
        int wanted = callback.ready(ready).asked();
        if (wanted == 0) {
            end();
        } else if (!isEnded()) {
            if (wanted != events) {
                events = wanted;
                poll = polled.poll(wanted);
            }
            arm();
        }
    }

    @Override
    protected void disarm() {
        if (poll.pending()) {
            poll.cancelIn(engine().backend());
        } else {
            leave();
        }
    }

    private void leave() {
        if (inside) {
            inside = false;
            polled.keep(Math.max(found, 0));
            polled.leave();
        }
    }

    @Override
    public String toString() {
        return "a watch of " + polled + " for " + Conditions.of(events);
    }
}
