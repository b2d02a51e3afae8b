package dev.volokno.foreign;

import dev.volokno.backend.DirectOperation;
import dev.volokno.backend.ForeignSleep;
import dev.volokno.backend.Kernel;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.engine.Engine;
import dev.volokno.engine.Strand;
import dev.volokno.engine.Use;
import dev.volokno.fd.Fd.Condition;
import dev.volokno.fiber.Deadline;
import dev.volokno.linux.Poll;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a driver's fiber does: it makes the calls that others want, asks the library what to wait
 * for, sleeps, and tells it what has come; over and over. Whatever of the library's it calls, it is
 * "inside" meanwhile, where no wait is possible.
 */
final class Drive<L extends Driven> {
    /** So many calls for others are made between two looks at the descriptors. */
    private static final int BATCH = 256;

    private final String name;
    private final Engine engine;
    private final Queue<Request<L, ?>> requests;
    private final ForeignSleep sleep;

    // The loop's thread, if the loop is confined.
    private @Nullable Round round;
    private @Nullable Throwable failed;

    /**
     * Held by whoever is inside: by the fiber for all its life, but while it rests, that is sleeps,
     * or was woken and does not run yet. Another fiber can run while the one inside waits for a
     * lock of the JDK's, although both run on one thread.
     */
    private final ReentrantLock occupied = new ReentrantLock();

    // Any thread.
    private final AtomicBoolean asleep = new AtomicBoolean();
    private volatile boolean ending;

    Drive(String name, Engine engine, Queue<Request<L, ?>> requests) throws IOException {
        this.name = name;
        this.engine = engine;
        this.requests = requests;
        sleep = new ForeignSleep(engine.foreignSet(), "what " + name + " waits for");
    }

    ForeignSleep sleep() {
        return sleep;
    }

    /** Whether it sleeps and is to be woken, which the caller has to do then. Any thread. */
    boolean takeAsleep() {
        return asleep.compareAndSet(true, false);
    }

    /** The next round is the last; whoever says so wakes it. Any thread. */
    void end() {
        ending = true;
    }

    boolean isEnding() {
        return ending;
    }

    /** Whether the fiber rests, and the caller, who is on its thread, can make a call himself. */
    boolean canCallHere() {
        return engine.isConfined()
                && engine.onLoop()
                && !occupied.isLocked()
                && round != null
                && !ending
                && requests.isEmpty();
    }

    /**
     * Makes a call in the place of the fiber, if {@link #canCallHere}. It is woken only if there is
     * something else to wait for now.
     */
    <R, X extends Exception> R callHere(
            Strand caller, Driver.Body<? super L, ? extends R, X> body, Runnable wake) throws X {
        Round here = round;
        if (here == null) {
            throw new AssertionError("nobody drives " + name);
        }
        return here.callHere(caller, body, wake);
    }

    /** The fiber's life, which {@code opened} is told of the beginning: what it failed by. */
    @Nullable Throwable run(Driver.Opening<L, ?> opening, Answer<Boolean> opened) {
        occupied.lock();
        try (Arena arena = Arena.ofConfined()) {
            var upcalls = new Upcalls(arena);
            var watch = new Watch(engine, sleep);
            var inside = new Inside(name, upcalls);
            L library;
            try {
                library =
                        inside.call(() ->
                                Objects.requireNonNull(
                                        opening.open(watch, upcalls), "the handle of " + name));
            } catch (Throwable t) {
                opened.fail(t);
                return t;
            }
            var begun = new Round(library, watch, upcalls);
            round = begun;
            opened.give(true);
            Throwable failure = rounds(begun, inside);
            round = null;
            return free(library, inside, failure);
        } finally {
            forgetAll();
        }
    }

    private @Nullable Throwable rounds(Round round, Inside inside) {
        try {
            while (!ending) {
                inside.call(round.beforeSleep);
                if (!ending) {
                    round.sleep();
                    inside.call(round.afterSleep);
                }
            }
            return null;
        } catch (Throwable t) {
            return t;
        }
    }

    /** One after the other, in the same object. */
    private final class Round {
        final Callable<Boolean> beforeSleep = this::makeCalls;
        final Callable<Boolean> afterSleep = this::tell;

        private final L library;
        private final Watch watch;
        private final Upcalls upcalls;
        private final Unusable unusable = new Unusable();

        Round(L library, Watch watch, Upcalls upcalls) {
            this.library = library;
            this.watch = watch;
            this.upcalls = upcalls;
        }

        <R, X extends Exception> R callHere(
                Strand caller, Driver.Body<? super L, ? extends R, X> body, Runnable wake)
                throws X {
            Use before = caller.use();
            occupied.lock();
            caller.use(new Use(name, before, false));
            watch.lend(caller.thread());
            try {
                return body.run(library);
            } finally {
                failed = prepareAgain();
                boolean changed = watch.takeBack();
                caller.use(before);
                occupied.unlock();
                if (changed || failed != null) {
                    wake.run();
                }
            }
        }

        private @Nullable Throwable prepareAgain() {
            Throwable thrown = upcalls.takeFailure();
            if (thrown != null) {
                return thrown;
            }
            try {
                library.prepare(watch);
                watch.settle();
                return upcalls.takeFailure();
            } catch (Throwable t) {
                return t;
            }
        }

        /** What went wrong in a call that was made in the fiber's place. */
        private void throwIfFailed() throws Exception {
            if (failed != null) {
                throw Inside.unchanged(failed);
            }
        }

        private boolean makeCalls() throws Exception {
            throwIfFailed();
            for (int left = BATCH; left > 0 && !ending; left--) {
                Request<L, ?> request = requests.poll();
                if (request == null) {
                    break;
                }
                Throwable unheard = request.make(library);
                if (unheard != null) {
                    throw Inside.unchanged(unheard);
                }
            }
            if (!ending) {
                library.prepare(watch);
                watch.settle();
            }
            return true;
        }

        void sleep() throws IOException {
            asleep.set(true);
            long left = watch.isTimed() ? watch.nanosLeft() : Long.MAX_VALUE;
            if (left <= 0 || ending || !requests.isEmpty()) {
                sleep.glance();
            }
            occupied.unlock();
            try {
                if (left > 0 && watch.isTimed()) {
                    Deadline.tryWithin(Duration.ofNanos(left), this::perform);
                } else {
                    perform();
                }
            } finally {
                occupied.lock();
            }
            asleep.set(false);
        }

        private void perform() throws IOException {
            long result = engine.perform(sleep);
            if (result < 0) {
                Descriptor.throwIfEnded(result, false);
                throw Kernel.failure("poll", result, name);
            }
        }

        private boolean tell() throws Exception {
            throwIfFailed();
            for (int i = 0; i < sleep.told() && !ending; i++) {
                int number = sleep.toldNumber(i);
                // One that was named anew meanwhile may be another file.
                if (!sleep.isChanged(number)) {
                    tell(number, sleep.toldOf(i));
                }
            }
            sleep.allTold();
            unusable.roundEnds();
            if (!ending && watch.takeDue()) {
                library.due();
            }
            return true;
        }

        private void tell(int number, int events) throws Exception {
            if (events < 0 || (events & Poll.POLLNVAL) != 0) {
                unusable.found(number, events, name);
                library.ready(number, Set.of(Condition.ERROR));
            } else {
                library.ready(number, Conditions.of(events));
            }
        }
    }

    private @Nullable Throwable free(L library, Inside inside, @Nullable Throwable failure) {
        try {
            inside.call(() -> {
                library.end(Optional.ofNullable(failure));
                return true;
            });
        } catch (Throwable t) {
            if (failure == null) {
                return t;
            }
            failure.addSuppressed(t);
        }
        return failure;
    }

    private void forgetAll() {
        Strand own = Strand.current();
        boolean before = own.shield();
        try {
            engine.perform(
                    DirectOperation.of(
                            "forget",
                            (errno, none) -> {
                                sleep.forgetAll();
                                return 0;
                            }));
        } finally {
            own.unshield(before);
        }
    }
}
