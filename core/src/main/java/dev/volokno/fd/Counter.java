package dev.volokno.fd;

import dev.volokno.backend.EventOperation;
import dev.volokno.backend.PollOperation;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Turns.Direction;
import dev.volokno.engine.Place;
import dev.volokno.engine.PlaceWait;
import dev.volokno.fiber.Event;
import dev.volokno.linux.Errno;
import dev.volokno.linux.Poll;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A descriptor from which a number of eight bytes is taken. */
final class Counter {
    private final Descriptor descriptor;
    private final BooleanSupplier told;

    /** If {@code told}, which it is once, a 0 is there without a look at the descriptor. */
    Counter(Fd fd, BooleanSupplier told) {
        descriptor = fd.descriptor();
        this.told = told;
    }

    /** Waits until there is a number, and takes it. */
    long take() throws IOException {
        descriptor.enter(Direction.READ);
        try {
            if (told.getAsBoolean()) {
                return 0;
            }
            var operation = EventOperation.taking(descriptor.handle());
            descriptor.perform(operation);
            return operation.value();
        } finally {
            descriptor.leave(Direction.READ);
        }
    }

    /** The event that there is a number, which is taken. */
    Event<Long> taking() {
        return new Taking();
    }

    private final class Taking extends Event<Long> {
        private @Nullable PlaceWait wait;
        private long taken;

        @Override
        protected boolean tryTake() throws IOException {
            if (!descriptor.tryEnter(Direction.READ)) {
                return false;
            }
            try {
                return told.getAsBoolean() || isThere();
            } finally {
                descriptor.leave(Direction.READ);
            }
        }

        private boolean isThere() throws IOException {
            var operation = EventOperation.taking(descriptor.handle());
            long result = descriptor.attempt(operation);
            if (Errno.EAGAIN.is(result)) {
                return false;
            }
            descriptor.check(operation, result);
            taken = operation.value();
            return true;
        }

        /** Waits for readiness alone: what is taken cannot be put back. */
        @Override
        protected void begin(Place place) throws IOException {
            descriptor.enter();
            var poll = new PollOperation(descriptor.handle(), Poll.POLLIN);
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
            return tryTake();
        }

        @Override
        protected Long value() {
            return taken;
        }
    }
}
