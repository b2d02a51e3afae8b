package dev.volokno.testing;

import dev.volokno.CancelledException;
import dev.volokno.fiber.Action;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Runs code of fibers in a loop whose time and chance are the test's, on real descriptors: socket
 * pairs, pipes, pseudo-terminals, loopback connections, both ends of which are in the loop.
 *
 * {@snippet :
 * TestLoop.create().run(() -> {
 *     Fiber.start(() -> server(listener));
 *     client.connectWithRetries(); // ten minutes of them take milliseconds
 * });
 * }
 *
 * <p><b>Time</b> stands still while anything can run and jumps to the next timer when nothing can.
 * It is that of every wait of the library: {@code Fiber.sleep}, deadlines, tickers, calls with a
 * {@code Duration}; {@code Loop.current().clock()} lets other code follow. Timed waits of the JDK
 * ({@code Thread.sleep}) and kernel timers take real time, and time does not jump meanwhile; the
 * log says where such a wait was met. When nothing can run and no timer is left, fibers that still
 * wait are a {@link DeadlockError}.
 *
 * <p><b>Chance</b>: which of several ready fibers runs next is drawn by the seed. Every failure has
 * the seed suppressed in it, and the system property {@code volokno.test.seed} sets it.
 *
 * <p><b>Faults</b> come where operations meet the kernel: {@link #withFaults}.
 *
 * <p>A run fails if the body throws, if fibers are stuck, or if descriptors are left open. It is a
 * confined loop and needs what those need ({@code --add-opens java.base/java.lang=...}). Immutable;
 * the methods that begin with "with" give a changed copy.
 */
public final class TestLoop {
    static final String SEED_PROPERTY = "volokno.test.seed";

    private static final System.Logger LOGGER = System.getLogger("dev.volokno");

    private final @Nullable Long seed;
    private final String backend;
    private final Faults faults;
    private final Duration patience;

    private TestLoop(@Nullable Long seed, String backend, Faults faults, Duration patience) {
        this.seed = seed;
        this.backend = backend;
        this.faults = faults;
        this.patience = patience;
    }

    /** Without faults, on epoll, with another seed at each run unless the property sets one. */
    public static TestLoop create() {
        return new TestLoop(seedOfProperty(), "epoll", Faults.none(), Duration.ZERO);
    }

    private static @Nullable Long seedOfProperty() {
        String text = System.getProperty(SEED_PROPERTY);
        try {
            return text == null ? null : Long.valueOf(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "-D" + SEED_PROPERTY + " is a whole number, not " + text, e);
        }
    }

    /** Always the same order, unless what the body does itself differs. */
    public TestLoop withSeed(long chosen) {
        return new TestLoop(chosen, backend, faults, patience);
    }

    /** How the loop waits: {@code epoll} or {@code io_uring}. */
    public TestLoop withBackend(String name) {
        return new TestLoop(seed, Objects.requireNonNull(name, "name"), faults, patience);
    }

    /** What goes wrong between the body's operations and the kernel. */
    public TestLoop withFaults(Faults planned) {
        return new TestLoop(seed, backend, Objects.requireNonNull(planned, "planned"), patience);
    }

    /**
     * How long in real time something from outside the loop is waited for, another process or
     * thread, before time jumps or the fibers count as stuck. Zero unless set.
     */
    public TestLoop withPatience(Duration real) {
        return new TestLoop(seed, backend, faults, Objects.requireNonNull(real, "real"));
    }

    String backend() {
        return backend;
    }

    Duration patience() {
        return patience;
    }

    // ---- running

    /**
     * Runs {@code body} as the first fiber of such a loop on the calling thread.
     *
     * @throws DeadlockError if fibers are stuck
     * @throws AssertionError if descriptors were left open
     * @throws Exception what the body or a fiber threw
     */
    public void run(Action<? extends Exception> body) throws Exception {
        long chosen = chosenSeed();
        var run = new TestRun(this, chosen, faults, Interference.none()).of(body);
        for (String site : run.jdkWaits()) {
            LOGGER.log(System.Logger.Level.INFO, "a wait of the JDK's took real time: " + site);
        }
        Throwable failure = run.failure();
        if (failure != null) {
            throw rethrown(run.noted(failure));
        }
    }

    private long chosenSeed() {
        return seed != null ? seed : ThreadLocalRandom.current().nextInt();
    }

    private static Exception rethrown(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof Exception exception ? exception : new ExecutionException(failure);
    }

    // ---- at every place

    /**
     * Runs {@code body} once undisturbed, and then again for each of its waits, with the fiber that
     * waits there cancelled: once before the call and once while it waits. Each run must come to an
     * end, close what it opened, and throw nothing but cancellations and {@link IOException}s; the
     * body checks the rest itself.
     *
     * @return how many runs that were
     * @throws AssertionError naming the place where it did not; the cause says what happened
     * @throws Exception what the undisturbed run threw
     */
    public int cancelEverywhere(Action<? extends Exception> body) throws Exception {
        long chosen = chosenSeed();
        Runnable rewind = rewind();
        TestRun undisturbed = undisturbed(chosen, Interference.none(), faults, body);
        int checkpoints = undisturbed.interference().checkpoints();
        int waits = undisturbed.interference().waits();
        for (int i = 0; i < checkpoints; i++) {
            rewind.run();
            cancelAt(Interference.at(Interference.Where.BEFORE_A_CALL, i), chosen, body);
        }
        for (int i = 0; i < waits; i++) {
            rewind.run();
            cancelAt(Interference.at(Interference.Where.DURING_A_WAIT, i), chosen, body);
        }
        return 1 + checkpoints + waits;
    }

    /** Takes a script back to where it is now: each run is to meet the same faults. */
    private Runnable rewind() {
        if (faults instanceof FaultScript script) {
            FaultScript left = script.left();
            return () -> script.beginAt(left);
        }
        return () -> {};
    }

    private void cancelAt(Interference at, long chosen, Action<? extends Exception> body) {
        TestRun run = new TestRun(this, chosen, faults, at).of(body);
        judge(run, at.toString());
    }

    /**
     * Runs {@code body} once undisturbed, and then again for each operation that it has the kernel
     * carry out, which fails with {@code errno} instead. Each run must come to an end, close what
     * it opened, and throw nothing but {@link IOException}s and cancellations.
     *
     * @param errno its name, such as {@code EIO}
     * @return how many runs that were
     * @throws AssertionError naming the operation where it did not; the cause says what happened
     * @throws Exception what the undisturbed run threw
     */
    public int failEverywhere(Action<? extends Exception> body, String errno) throws Exception {
        long chosen = chosenSeed();
        Runnable rewind = rewind();
        var counting = new Failing(faults, -1, Fault.errno(errno));
        undisturbed(chosen, Interference.none(), counting, body);
        for (int i = 0; i < counting.count(); i++) {
            rewind.run();
            var failing = new Failing(faults, i, Fault.errno(errno));
            TestRun run = new TestRun(this, chosen, failing, Interference.none()).of(body);
            judge(run, errno + " instead of operation " + i + ", " + failing.where());
        }
        return 1 + counting.count();
    }

    private TestRun undisturbed(
            long chosen, Interference counting, Faults with, Action<? extends Exception> body)
            throws Exception {
        TestRun run = new TestRun(this, chosen, with, counting).of(body);
        Throwable failure = run.failure();
        if (failure != null) {
            throw rethrown(run.noted(failure));
        }
        return run;
    }

    private static void judge(TestRun run, String what) {
        Throwable thrown = run.thrown();
        if (!run.leaks().isEmpty()) {
            throw run.noted(
                    new AssertionError(
                            what + ", left open: " + String.join("; ", run.leaks()), thrown));
        }
        if (thrown != null && !isExpected(thrown)) {
            throw run.noted(new AssertionError(what, thrown));
        }
    }

    /** Whatever is suppressed was thrown too, such as what another fiber asserted. */
    private static boolean isExpected(Throwable thrown) {
        boolean ofACancelledOrFailedCall = false;
        Throwable cause = thrown;
        while (cause != null) {
            if (cause instanceof Error || !areExpected(cause.getSuppressed())) {
                return false;
            }
            ofACancelledOrFailedCall |=
                    cause instanceof IOException
                            || cause instanceof CancelledException
                            || cause instanceof CancellationException;
            cause = cause.getCause();
        }
        return ofACancelledOrFailedCall;
    }

    private static boolean areExpected(Throwable... suppressed) {
        return Arrays.stream(suppressed).allMatch(TestLoop::isExpected);
    }
}
