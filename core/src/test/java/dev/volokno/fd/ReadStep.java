package dev.volokno.fd;

import java.time.Duration;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** One call on a read side, and what may end it early. */
record ReadStep(Call call, int room, Interruption interruption) {
    enum Call {
        READ,
        READ_FULLY,
        READ_UNTIL,
        TRY_READ,
        LINE
    }

    /** What happens to a call while it waits. */
    sealed interface Interruption {
        /** Nothing: it waits as long as it has to. */
        record None() implements Interruption {}

        /** A deadline. */
        record Timeout(Duration allowed) implements Interruption {}

        /** The fiber is cancelled, after others had the loop's thread so many times. */
        record Cancellation(int yields) implements Interruption {}
    }

    static Arbitrary<ReadStep> any() {
        return Combinators.combine(Arbitraries.of(Call.class), rooms(), interruptions())
                .as(ReadStep::new);
    }

    private static Arbitrary<Integer> rooms() {
        return Arbitraries.oneOf(
                Arbitraries.integers().between(1, 60), Arbitraries.integers().between(1, 5_000));
    }

    private static Arbitrary<Interruption> interruptions() {
        return Arbitraries.oneOf(
                Arbitraries.just(new Interruption.None()),
                Arbitraries.integers()
                        .between(0, 300)
                        .map(micros -> new Interruption.Timeout(Duration.ofNanos(micros * 1_000L))),
                Arbitraries.integers().between(0, 5).map(Interruption.Cancellation::new));
    }
}
