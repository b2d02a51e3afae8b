package dev.volokno.loop;

import dev.volokno.engine.Bound;
import dev.volokno.engine.Hook;
import dev.volokno.fiber.Scope;

/** A guest as a callback: what it throws ends its stay. */
final class HostedGuest extends LoopCallback implements Hook {
    private final Guest guest;

    // Loop thread.
    private boolean before;
    private long limitNanos;

    HostedGuest(Loop loop, Scope scope, Guest guest) {
        super(loop, scope);
        this.guest = guest;
    }

    @Override
    void arm() {
        engine().hooks().add(this);
    }

    @Override
    public long beforeWait() {
        limitNanos = NO_LIMIT;
        before = true;
        run();
        return limitNanos;
    }

    @Override
    public void afterWait() {
        before = false;
        run();
    }

    @Override
    protected void call() throws Exception {
        if (before) {
            limitNanos = Bound.nanos(guest.prepare());
        } else {
            guest.check();
        }
    }

    @Override
    protected void disarm() {
        engine().hooks().remove(this);
    }

    @Override
    public String toString() {
        return "a guest " + guest;
    }
}
