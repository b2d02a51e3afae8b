package dev.volokno.fiber;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.fiber.Ticker.Missed;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ticks by fixed times: the period is 10, and the ticker was made at 100. */
class BeatTest {
    private static Beat beat(Missed missed) {
        return new Beat(Duration.ofNanos(10), missed, 100);
    }

    @ParameterizedTest
    @EnumSource(Missed.class)
    void whoIsInTimeHasThemAtTheirTimesWhateverHeIsLateWithinAPeriod(Missed missed) {
        Beat beat = beat(missed);
        assertThat(beat.next()).isEqualTo(110);
        assertThat(beat.taken(110)).isZero();
        assertThat(beat.next()).isEqualTo(120);
        assertThat(beat.taken(129)).isZero();
        assertThat(beat.next()).isEqualTo(130);
    }

    @Test
    void skippedOnesAreCountedAndTheOthersComeWhenTheyAlwaysWouldHave() {
        Beat beat = beat(Missed.SKIP);
        assertThat(beat.taken(145)).isEqualTo(3);
        assertThat(beat.next()).isEqualTo(150);
        assertThat(beat.taken(160)).isEqualTo(1);
        assertThat(beat.next()).isEqualTo(170);
    }

    @Test
    void aBurstBringsEachOfThem() {
        Beat beat = beat(Missed.BURST);
        for (long due : new long[] {110, 120, 130, 140}) {
            assertThat(beat.next()).isEqualTo(due);
            assertThat(beat.taken(145)).isZero();
        }
        assertThat(beat.next()).isEqualTo(150);
    }

    @Test
    void aDelayMovesAllThatFollow() {
        Beat beat = beat(Missed.DELAY);
        assertThat(beat.taken(145)).isEqualTo(3);
        assertThat(beat.next()).isEqualTo(155);
        assertThat(beat.taken(155)).isZero();
        assertThat(beat.next()).isEqualTo(165);
    }

    @Test
    void theClocksOverflowIsNoBound() {
        var beat = new Beat(Duration.ofNanos(10), Missed.SKIP, Long.MAX_VALUE - 5);
        assertThat(beat.next()).isEqualTo(Long.MIN_VALUE + 4);
        assertThat(beat.taken(Long.MIN_VALUE + 25)).isEqualTo(2);
        assertThat(beat.next()).isEqualTo(Long.MIN_VALUE + 34);
    }
}
