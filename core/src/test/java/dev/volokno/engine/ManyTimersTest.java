package dev.volokno.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ManyTimersTest {
    private static final int MILLION = 1_000_000;

    private long lastDeadline;
    private int expired;

    private final class Counted extends Timer {
        @Override
        protected void expired() {
            assertThat(deadlineNanos >= lastDeadline).isTrue();
            lastDeadline = deadlineNanos;
            expired++;
        }
    }

    @Test
    void aMillionExpireInOrderAfterHalfWereCancelledInNoOrder() {
        var random = new Random(1);
        var queue = new TimerQueue();
        List<Timer> timers = new ArrayList<>(MILLION);
        for (int i = 0; i < MILLION; i++) {
            var timer = new Counted();
            timers.add(timer);
            queue.arm(timer, random.nextInt(MILLION));
        }
        assertThat(queue.size()).isEqualTo(MILLION);
        Collections.shuffle(timers, random);
        timers.subList(0, MILLION / 2).forEach(queue::cancel);
        assertThat(queue.expire(MILLION)).isEqualTo(MILLION / 2);
        assertThat(expired).isEqualTo(MILLION / 2);
        assertThat(queue.isEmpty()).isTrue();
    }
}
