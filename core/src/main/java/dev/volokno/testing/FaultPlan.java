package dev.volokno.testing;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Faults at random, by the loop's seed. Each run draws how often each kind comes, so that some runs
 * meet much of one and nothing of another.
 */
public final class FaultPlan implements Faults {
    private static final List<String> NO_DESCRIPTOR = List.of("EMFILE", "ENFILE", "ENOMEM");
    private static final List<String> NO_MEMORY = List.of("ENOBUFS", "ENOMEM");
    private static final double MOST_OFTEN = 0.3;
    private static final double MOST_FAILURES = 0.05;
    private static final int MOST_TURNS = 4;

    private final boolean failing;

    /** What each run has drawn; a run is known by its random numbers. */
    private final Map<RandomGenerator, Rates> drawn =
            Collections.synchronizedMap(new WeakHashMap<>());

    /** How often each kind comes. */
    private record Rates(double shortens, double refuses, double delays, double fails) {
        static Rates draw(RandomGenerator random) {
            return new Rates(
                    random.nextDouble() * MOST_OFTEN,
                    random.nextDouble() * MOST_OFTEN,
                    random.nextDouble() * MOST_OFTEN,
                    random.nextDouble() * MOST_FAILURES);
        }
    }

    private FaultPlan(boolean failing) {
        this.failing = failing;
    }

    /**
     * What the kernel may do at any time and correct code never notices: short transfers, readiness
     * that turns out wrong, results that come late and in another order.
     */
    public static FaultPlan benign() {
        return new FaultPlan(false);
    }

    /**
     * The benign ones, and failures: no descriptor, no memory, resets, hang-ups, refusals. Correct
     * code ends with an exception then, and leaves nothing behind.
     */
    public static FaultPlan hostile() {
        return new FaultPlan(true);
    }

    @Override
    public Optional<Fault> at(FaultPoint point, RandomGenerator random) {
        Rates rates = drawn.computeIfAbsent(random, Rates::draw);
        return Optional.ofNullable(drawn(rates, point, random));
    }

    private @Nullable Fault drawn(Rates rates, FaultPoint point, RandomGenerator random) {
        double dice = random.nextDouble();
        if (failing && dice < rates.fails) {
            return failure(point, random);
        }
        if (!point.waits()) {
            return null;
        }
        dice = random.nextDouble();
        if (dice < rates.shortens) {
            return point.bytes() > 1
                    ? Fault.shortTransfer(1 + random.nextInt((int) Math.min(point.bytes(), 4096)))
                    : null;
        }
        dice -= rates.shortens;
        if (dice < rates.refuses) {
            return Fault.again();
        }
        return dice - rates.refuses < rates.delays
                ? Fault.late(1 + random.nextInt(MOST_TURNS))
                : null;
    }

    private static @Nullable Fault failure(FaultPoint point, RandomGenerator random) {
        return switch (point.call()) {
            case "open",
                    "openat2",
                    "socket",
                    "pipe2",
                    "eventfd",
                    "inotify_init1",
                    "timerfd_create" ->
                    oneOf(NO_DESCRIPTOR, random);
            case "accept4" -> oneOf(List.of("EMFILE", "ENFILE", "ENOBUFS", "ECONNABORTED"), random);
            case "connect" -> oneOf(List.of("ECONNREFUSED", "ETIMEDOUT", "ENETUNREACH"), random);
            case "recv", "send", "read", "write" -> Fault.hangUp();
            case "recvmsg", "sendmsg", "epoll_ctl" -> oneOf(NO_MEMORY, random);
            default -> null;
        };
    }

    private static Fault oneOf(List<String> names, RandomGenerator random) {
        return Fault.errno(names.get(random.nextInt(names.size())));
    }
}
