package dev.volokno.process;

import dev.volokno.backend.PollOperation;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.engine.Place;
import dev.volokno.engine.PlaceWait;
import dev.volokno.fiber.Event;
import dev.volokno.linux.Poll;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The event that a descriptor has something to take, which is taken. */
final class Occurrence<T> extends Event<T> {
    private final Descriptor descriptor;
    private final Taking<T> taking;
    private @Nullable PlaceWait wait;
    private @Nullable PollOperation operation;
    private @Nullable T taken;

    /** Takes what is there now; null if nothing is. */
    @FunctionalInterface
    interface Taking<T> {
        @Nullable T now() throws IOException;
    }

    Occurrence(Descriptor descriptor, Taking<T> taking) {
        this.descriptor = descriptor;
        this.taking = taking;
    }

    @Override
    protected boolean tryTake() throws IOException {
        taken = taking.now();
        return taken != null;
    }

    @Override
    protected void begin(Place place) throws IOException {
        descriptor.enter();
        var poll = new PollOperation(descriptor.handle(), Poll.POLLIN);
        operation = poll;
        wait = new PlaceWait(descriptor.engine(), poll, place, descriptor::leave);
        wait.begin();
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
        return poll != null
                && begun != null
                && descriptor.check(poll, begun.result()) > 0
                && tryTake();
    }

    @Override
    protected T value() {
        return Objects.requireNonNull(taken);
    }
}
