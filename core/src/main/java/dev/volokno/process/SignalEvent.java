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

/** The event that a signal comes. */
final class SignalEvent extends Event<SignalInfo> {
    private final Signals signals;
    private final Descriptor descriptor;
    private @Nullable PlaceWait wait;
    private @Nullable PollOperation operation;
    private @Nullable SignalInfo taken;

    SignalEvent(Signals signals) {
        this.signals = signals;
        descriptor = signals.fd().descriptor();
    }

    @Override
    protected boolean tryTake() throws IOException {
        taken = signals.takeNow();
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
    protected SignalInfo value() {
        return Objects.requireNonNull(taken);
    }
}
