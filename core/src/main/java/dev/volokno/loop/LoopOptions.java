package dev.volokno.loop;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a loop is to run. Immutable; the methods that begin with "with" give a changed copy.
 *
 * <p>What is not chosen here comes from the system properties {@code volokno.backend} ({@code
 * io_uring}, {@code epoll} or {@code auto}) and {@code volokno.unconfined} ({@code true} or {@code
 * false}).
 */
public final class LoopOptions {
    private static final Duration DEFAULT_STALL = Duration.ofSeconds(1);

    private final String backend;
    private final boolean unconfined;
    private final Duration stallThreshold;
    private final @Nullable Consumer<StallReport> stallHandler;
    private final @Nullable Consumer<? super Throwable> callbackHandler;
    private final Rigging rigging;

    private LoopOptions(
            String backend,
            boolean unconfined,
            Duration stallThreshold,
            @Nullable Consumer<StallReport> stallHandler,
            @Nullable Consumer<? super Throwable> callbackHandler,
            Rigging rigging) {
        this.backend = backend;
        this.unconfined = unconfined;
        this.stallThreshold = stallThreshold;
        this.stallHandler = stallHandler;
        this.callbackHandler = callbackHandler;
        this.rigging = rigging;
    }

    /**
     * The system properties' choice, else io_uring where it is allowed and epoll where not,
     * confined.
     */
    public static LoopOptions defaults() {
        String backend = checkedBackend(System.getProperty("volokno.backend", "auto"));
        return new LoopOptions(
                backend,
                Boolean.getBoolean("volokno.unconfined"),
                DEFAULT_STALL,
                null,
                null,
                Rigging.NONE);
    }

    /**
     * Fibers are ordinary virtual threads beside the loop: slower, but no flag has to be given to
     * java. Always on epoll.
     */
    public static LoopOptions unconfined() {
        return new LoopOptions("auto", true, DEFAULT_STALL, null, null, Rigging.NONE);
    }

    /**
     * Chooses how the loop waits: {@code io_uring}, {@code epoll}, or {@code auto} for the better
     * one that is allowed here.
     *
     * @throws IllegalArgumentException for another name
     */
    public LoopOptions withBackend(String name) {
        return new LoopOptions(
                checkedBackend(name),
                unconfined,
                stallThreshold,
                stallHandler,
                callbackHandler,
                rigging);
    }

    /**
     * Reports a fiber that holds the loop's thread longer than this; zero or less switches the
     * watchdog off.
     */
    public LoopOptions withStallThreshold(Duration threshold) {
        return new LoopOptions(
                backend, unconfined, threshold, stallHandler, callbackHandler, rigging);
    }

    /**
     * Gives stall reports to {@code handler}, on a thread of the watchdog's, instead of the logger
     * {@code dev.volokno}.
     */
    public LoopOptions withStallHandler(Consumer<StallReport> handler) {
        return new LoopOptions(
                backend, unconfined, stallThreshold, handler, callbackHandler, rigging);
    }

    /**
     * Gives what callbacks of {@link Loop#watch} and {@link Loop#after} throw to {@code handler},
     * on the loop's thread and as a callback, which must not wait either. Otherwise it is what a
     * fiber's failure would be: it ends a loop of {@link Loop#run}, and in one of {@link
     * Loop#start} goes to the logger {@code dev.volokno}; so does what the handler throws.
     */
    public LoopOptions withCallbackHandler(Consumer<? super Throwable> handler) {
        return new LoopOptions(backend, unconfined, stallThreshold, stallHandler, handler, rigging);
    }

    /**
     * Has a confined loop work with parts of a test's.
     *
     * @hidden for {@link dev.volokno.testing.TestLoop} alone
     */
    public LoopOptions rigged(Rigging other) {
        return new LoopOptions(
                backend, unconfined, stallThreshold, stallHandler, callbackHandler, other);
    }

    Rigging rigging() {
        return rigging;
    }

    String backend() {
        return backend;
    }

    boolean isUnconfined() {
        return unconfined;
    }

    Duration stallThreshold() {
        return stallThreshold;
    }

    @Nullable Consumer<StallReport> stallHandler() {
        return stallHandler;
    }

    @Nullable Consumer<? super Throwable> callbackHandler() {
        return callbackHandler;
    }

    private static String checkedBackend(String name) {
        return switch (name) {
            case "io_uring", "epoll", "auto" -> name;
            default ->
                    throw new IllegalArgumentException(
                            "backend is io_uring, epoll or auto, not " + name);
        };
    }
}
