package dev.volokno.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

/** The queue against a list that is sorted by deadline, equal ones in the order of arming. */
class TimerQueueProperties {
    private static final int TIMERS = 40;

    /** What is done, to which timer, with what time from the start. */
    record Step(What what, int timer, int nanos) {
        enum What {
            ARM,
            CANCEL,
            EXPIRE
        }
    }

    private static final class Named extends Timer {
        private final List<Named> expired;

        Named(List<Named> expired) {
            this.expired = expired;
        }

        @Override
        protected void expired() {
            expired.add(this);
        }
    }

    /** The start may be anywhere: nanoTime may overflow. */
    @Property
    void timersExpireByDeadlineAndThenInTheOrderOfArming(
            @ForAll("starts") long start, @ForAll("steps") List<Step> steps) {
        var expired = new ArrayList<Named>();
        var timers = new ArrayList<Named>();
        for (int i = 0; i < TIMERS; i++) {
            timers.add(new Named(expired));
        }
        var queue = new TimerQueue();
        var reference = new ArrayList<Named>();
        for (Step step : steps) {
            long time = start + step.nanos();
            Named timer = timers.get(step.timer());
            switch (step.what()) {
                case ARM -> arm(queue, reference, timer, time);
                case CANCEL -> {
                    queue.cancel(timer);
                    reference.remove(timer);
                }
                case EXPIRE -> expire(queue, reference, expired, time);
            }
            check(queue, reference, timers, time);
        }
    }

    private static void arm(TimerQueue queue, List<Named> reference, Named timer, long deadline) {
        if (!timer.armed()) {
            queue.arm(timer, deadline);
            reference.add(timer);
            reference.sort(Comparator.comparingLong(armed -> armed.deadlineNanos - deadline));
        }
    }

    private static void expire(
            TimerQueue queue, List<Named> reference, List<Named> expired, long now) {
        List<Named> due =
                reference.stream().filter(timer -> timer.deadlineNanos - now <= 0).toList();
        expired.clear();
        assertThat(queue.expire(now)).isEqualTo(due.size());
        assertThat(expired).isEqualTo(due);
        reference.removeAll(due);
    }

    private static void check(
            TimerQueue queue, List<Named> reference, List<Named> timers, long now) {
        assertThat(queue.size()).isEqualTo(reference.size());
        assertThat(queue.isEmpty()).isEqualTo(reference.isEmpty());
        assertThat(timers.stream().filter(Timer::armed))
                .containsExactlyInAnyOrderElementsOf(reference);
        long first =
                reference.isEmpty() ? -1 : Math.max(0, reference.getFirst().deadlineNanos - now);
        assertThat(queue.delay(now)).isEqualTo(first);
    }

    @Property(tries = 50)
    void timersArmedMeanwhileWaitForTheNextCall(@ForAll @LongRange(min = 1, max = 100) long count) {
        var queue = new TimerQueue();
        var again =
                new Timer() {
                    private int times;

                    @Override
                    protected void expired() {
                        times++;
                        queue.arm(this, 0);
                    }
                };
        queue.arm(again, 0);
        for (int i = 0; i < count; i++) {
            assertThat(queue.expire(1)).isEqualTo(1);
        }
        assertThat(again.times).isEqualTo(count);
    }

    @Provide
    Arbitrary<Long> starts() {
        return Arbitraries.oneOf(
                Arbitraries.of(0L, Long.MAX_VALUE - 500, Long.MIN_VALUE, -500L),
                Arbitraries.longs());
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.of(
                                Step.What.ARM, Step.What.ARM, Step.What.CANCEL, Step.What.EXPIRE),
                        Arbitraries.integers().between(0, TIMERS - 1),
                        Arbitraries.oneOf(
                                Arbitraries.integers().between(0, 5),
                                Arbitraries.integers().between(0, 1_000)))
                .as(Step::new)
                .list()
                .ofMaxSize(200);
    }
}
