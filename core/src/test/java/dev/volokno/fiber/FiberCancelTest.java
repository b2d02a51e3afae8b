package dev.volokno.fiber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.CancelledException;
import dev.volokno.DeadlineException;
import dev.volokno.fd.Pipe;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.EachLoop;
import dev.volokno.support.TestLibc;
import dev.volokno.support.Waiting;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

class FiberCancelTest {
    @EachLoop
    void aFiberCancelledInAWaitOfTheJdkEndsAsCancelledAndFailsNobody(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            var taker = Fiber.start(() -> new LinkedBlockingQueue<String>().take());
            Waiting.awaitParked(taker);
            taker.cancel();
            assertThatThrownBy(taker::join).isInstanceOf(CancellationException.class);
        });
    }

    @EachLoop
    void aSleepingFiberIsCancelled(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var sleeper = Waiting.untilParked(Fiber.start(() -> Fiber.sleep(Duration.ofDays(9))));
            sleeper.cancel();
            assertThatThrownBy(sleeper::join).isInstanceOf(CancellationException.class);
        });
    }

    @EachLoop
    void aJoinIsCancelledAndTheJoinedFiberGoesOn(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (Pipe pipe = Pipe.open()) {
                var reader = Fiber.start(() -> Bytes.read(pipe.source()));
                var joiner = Waiting.untilParked(Fiber.start(() -> reader.join()));
                joiner.cancel();
                assertThatThrownBy(joiner::join).isInstanceOf(CancellationException.class);
                pipe.sink().write(Bytes.of("on"));
                assertThat(reader.join()).isEqualTo("on");
            }
        });
    }

    @EachLoop
    void severalJoinersAreAllTold(Configuration configuration) throws Exception {
        var told = new AtomicInteger();
        configuration.run(() -> {
            var gate = new CountDownLatch(1);
            var awaited = Fiber.start(() -> gate.await());
            for (int i = 0; i < 10; i++) {
                Waiting.untilParked(
                        Fiber.start(() -> {
                            awaited.join();
                            told.incrementAndGet();
                        }));
            }
            gate.countDown();
            awaited.join();
            awaited.join();
        });
        assertThat(told).hasValue(10);
    }

    @EachLoop
    void anInnerCatchDoesNotSwallowAnOuterDeadline(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var innerCaught = new AtomicInteger();
            assertThatThrownBy(() ->
                            Deadline.within(
                                    Duration.ofMillis(3),
                                    () -> {
                                        try {
                                            Deadline.within(
                                                    Duration.ofHours(1),
                                                    () -> Fiber.sleep(Duration.ofDays(1)));
                                        } catch (DeadlineException e) {
                                            innerCaught.incrementAndGet();
                                        }
                                    }))
                    .isInstanceOf(DeadlineException.class)
                    .hasMessageContaining("PT0.003S");
            assertThat(innerCaught).hasValue(0);
        });
    }

    @EachConfiguration
    void aDeadlineIsNeverEarlyWhateverItsLength(Configuration configuration) throws Exception {
        configuration.run(() -> {
            for (long micros : new long[] {-5, 0, 1, 50, 333, 1500}) {
                long before = System.nanoTime();
                assertThatThrownBy(() ->
                                Deadline.within(
                                        Duration.ofNanos(micros * 1000),
                                        () -> Fiber.sleep(Duration.ofDays(1))))
                        .isInstanceOf(DeadlineException.class);
                assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(micros * 1000);
            }
            Duration huge = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);
            String result = Deadline.within(huge, () -> Deadline.within(huge, () -> "in time"));
            assertThat(result).isEqualTo("in time");
            var sleeper = Waiting.untilParked(Fiber.start(() -> Fiber.sleep(huge)));
            sleeper.cancel();
        });
    }

    @EachLoop
    void aDescriptorReleasedByACancelledFiberIsNotLost(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (Pipe pipe = Pipe.open()) {
                var releaser =
                        Fiber.start(() -> {
                            Fiber.current().cancel();
                            try {
                                TestLibc.close(pipe.source().release());
                            } catch (CancelledException e) {
                                assertThat(pipe.source().isOpen()).isTrue();
                                pipe.source().close();
                            }
                            return "given or kept";
                        });
                assertThat(releaser.join()).isEqualTo("given or kept");
            }
        });
    }

    @EachLoop
    void aFiberThatOnlyComputesBetweenReadsThatSucceedStarvesNobody(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (Pipe endless = Pipe.open();
                    Pipe other = Pipe.open()) {
                var greedy =
                        Fiber.start(() -> {
                            ByteBuffer one = ByteBuffer.allocateDirect(1);
                            while (true) {
                                endless.sink().write(one.clear());
                                endless.source().read(one.clear());
                            }
                        });
                Fiber.sleep(Duration.ofMillis(2));
                var reader = Waiting.untilParked(Fiber.start(() -> Bytes.read(other.source())));
                other.sink().write(Bytes.of("served"));
                assertThat(reader.join()).isEqualTo("served");
                greedy.cancel();
                assertThatThrownBy(greedy::join).isInstanceOf(CancellationException.class);
            }
        });
    }
}
