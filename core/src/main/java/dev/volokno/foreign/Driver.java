package dev.volokno.foreign;

import dev.volokno.CancelledException;
import dev.volokno.backend.ForeignSleep;
import dev.volokno.engine.Cell;
import dev.volokno.engine.Engine;
import dev.volokno.engine.LoopTask;
import dev.volokno.engine.Strand;
import dev.volokno.fiber.Fiber;
import dev.volokno.loop.Loop;
import java.io.Closeable;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Drives one handle of a C library, in a fiber of its own: waits for what the library waits for,
 * and makes all calls to it, those of the library's users too. So the library is used by one thread
 * alone, whoever wants something of it, and nothing of it blocks the loop.
 *
 * <p>The fiber lives until {@link #close}, at the longest as long as its loop has others to live
 * for. All methods may be called by fibers of any loop and by any thread.
 *
 * @param <L> the integration's class for the handle
 */
public final class Driver<L extends Driven> implements Closeable {
    private static final System.Logger LOGGER = System.getLogger("dev.volokno");

    private final String name;
    private final Engine engine;
    private final ConcurrentLinkedQueue<Request<L, ?>> requests = new ConcurrentLinkedQueue<>();
    private final Drive<L> drive;
    private final Wake wake;
    private final Runnable wakeUp = this::wakeUp;
    private volatile @Nullable Fiber<Void> fiber;
    private volatile @Nullable End ended;

    /**
     * Makes the library's handle.
     *
     * @param <L> the integration's class for it
     * @param <X> what it may throw
     */
    @FunctionalInterface
    public interface Opening<L extends Driven, X extends Exception> {
        /**
         * Runs in the driver's fiber, under the same conditions as the methods of {@link Driven}.
         */
        L open(Watch watch, Upcalls upcalls) throws X;
    }

    /**
     * A call to the library.
     *
     * @param <L> the integration's class for the handle
     * @param <R> the result
     * @param <X> what it may throw
     */
    @FunctionalInterface
    public interface Body<L, R, X extends Exception> {
        /**
         * Runs in the driver's fiber, under the same conditions as the methods of {@link Driven}.
         */
        R run(L library) throws X;
    }

    private Driver(String name, Loop loop) throws IOException {
        this.name = name;
        engine = loop.engine();
        drive = new Drive<>(name, engine, requests);
        wake = new Wake(drive.sleep());
    }

    /**
     * Opens a library's handle and begins to drive it, in a daemon of the current loop. Parks for
     * {@code opening}.
     *
     * @param name what messages call the handle, like {@code mosquitto localhost:1883}
     * @throws X what {@code opening} throws
     * @throws IllegalStateException if no loop runs here
     */
    public static <L extends Driven, X extends Exception> Driver<L> start(
            String name, Opening<L, X> opening) throws X, IOException {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(opening, "opening");
        Loop loop = Loop.current();
        var driver = new Driver<L>(name, loop);
        var opened = new Answer<Boolean>("the handle of " + name);
        driver.fiber = loop.daemon(() -> driver.run(opening, opened));
        try {
            boolean there = opened.<X>await();
            assert there;
        } catch (CancelledException e) {
            driver.end();
            throw e;
        }
        return driver;
    }

    private <X extends Exception> void run(Opening<L, X> opening, Answer<Boolean> opened) {
        Throwable failure = drive.run(opening, opened);
        ended = new End(failure);
        refuseAll();
        boolean cancelled = failure instanceof CancelledException;
        if (failure != null && !cancelled && opened.isGiven()) {
            LOGGER.log(System.Logger.Level.WARNING, name + " has ended", failure);
        }
    }

    private record End(@Nullable Throwable failure) {}

    /**
     * Has {@code body} run in the driver's fiber, and returns what it returns. Parks. What it
     * throws is thrown here, and ends nothing else.
     *
     * @throws CancelledException if cancelled before the driver came to it: nothing has happened. A
     *     call that has begun is waited for, and its result delivered.
     * @throws LibraryEndedException if the driver has ended, or does before it comes to it
     * @throws X what it throws
     */
    public <R, X extends Exception> R call(Body<? super L, ? extends R, X> body)
            throws X, LibraryEndedException {
        Objects.requireNonNull(body, "body");
        Strand caller = Strand.current();
        caller.checkpoint();
        var cell = new Cell(caller.thread(), "a call of", name);
        var request = new Request<L, R>(body, cell);
        enqueue(request);
        try {
            caller.await(cell);
        } catch (CancelledException e) {
            if (request.withdraw()) {
                throw e;
            }
            boolean before = caller.shield();
            try {
                caller.await(request.tellAgain(new Cell(caller.thread(), "a call of", name)));
            } finally {
                caller.unshield(before);
            }
            caller.untell();
        }
        return request.<X>outcome();
    }

    /**
     * Like {@link #call}, but where the driver's fiber rests and the caller is a fiber of the same
     * loop it makes the call itself, and two switches between fibers are saved. So {@code body} may
     * run in either fiber, under the same conditions, but for one: the memory of {@link
     * Upcalls#arena} is the driver's alone.
     *
     * @throws X what {@code body} throws
     */
    public <R, X extends Exception> R callHere(Body<? super L, ? extends R, X> body)
            throws X, LibraryEndedException {
        Objects.requireNonNull(body, "body");
        Strand caller = Strand.current();
        caller.checkpoint();
        caller.letOthersRun();
        return drive.canCallHere()
                ? drive.<R, X>callHere(caller, body, wakeUp)
                : this.<R, X>call(body);
    }

    /**
     * Has {@code body} run in the driver's fiber, soon, and does not wait. Also from inside the
     * driver and where nothing may wait. What it throws ends the handle; after the driver's end
     * nothing happens.
     */
    public void post(Consumer<? super L> body) {
        Objects.requireNonNull(body, "body");
        enqueue(
                new Request<L, Boolean>(
                        library -> {
                            body.accept(library);
                            return true;
                        },
                        null));
    }

    private void enqueue(Request<L, ?> request) {
        requests.add(request);
        if (ended == null) {
            wakeUp();
        } else {
            refuseAll();
        }
    }

    private void wakeUp() {
        if (drive.takeAsleep()) {
            engine.execute(wake);
        }
    }

    private void refuseAll() {
        End how = ended;
        Request<L, ?> request = requests.poll();
        while (request != null && how != null) {
            request.refuse(new LibraryEndedException(name, how.failure));
            request = requests.poll();
        }
    }

    /** Whether it drives still. */
    public boolean isOpen() {
        return ended == null && !drive.isEnding();
    }

    /**
     * Ends the driver, which frees the handle: calls that have not begun are refused. Returns when
     * that is done; from inside the driver at once. Parks, and is not cancelled. Closing again does
     * nothing.
     *
     * @throws LibraryEndedException if the handle could not be freed
     */
    @Override
    public void close() throws IOException {
        boolean first = !drive.isEnding() && ended == null;
        end();
        End how = ended;
        if (first && how != null && how.failure != null) {
            throw new LibraryEndedException(name, how.failure);
        }
    }

    private void end() {
        drive.end();
        wakeUp();
        Fiber<Void> driving = fiber;
        Strand caller = Strand.current();
        if (driving == null || driving.thread() == caller.thread()) {
            return;
        }
        boolean before = caller.shield();
        try {
            driving.join();
        } catch (ExecutionException | CancellationException e) {
            throw new AssertionError("the driver of " + name, e);
        } finally {
            caller.unshield(before);
        }
    }

    private record Wake(ForeignSleep sleep) implements LoopTask {
        @Override
        public void runOnLoop() {
            sleep.wake();
        }

        @Override
        public void abandoned() {
            // The loop has ended, and the driver with it.
        }
    }

    @Override
    public String toString() {
        return "driver of " + name + (isOpen() ? "" : ", ended");
    }
}
