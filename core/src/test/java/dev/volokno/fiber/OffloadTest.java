package dev.volokno.fiber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.CancelledException;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.Waiting;
import java.io.IOException;
import java.util.HashSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class OffloadTest {
    @EachConfiguration
    void aCallRunsElsewhereWhileTheLoopGoesOn(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var gate = new CountDownLatch(1);
            var caller =
                    Waiting.untilParked(
                            Fiber.start(() ->
                                    Offload.call(() -> {
                                        gate.await();
                                        return Thread.currentThread().getName();
                                    })));
            gate.countDown();
            assertThat(caller.join()).startsWith("volokno-offload-");
            assertThatThrownBy(() ->
                            Offload.call(() -> {
                                throw new IOException("as it is");
                            }))
                    .isInstanceOf(IOException.class)
                    .hasMessage("as it is");
            assertThatThrownBy(() ->
                            Offload.call(() -> {
                                throw new AssertionError("an error too");
                            }))
                    .isInstanceOf(AssertionError.class);
        });
    }

    @EachConfiguration
    void callsThatFollowEachOtherNeedOneThread(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var pool = Offload.pool("warm", 8);
            var threads = new HashSet<Thread>();
            for (int i = 0; i < 20; i++) {
                Thread thread = pool.call(Thread::currentThread);
                threads.add(thread);
                Waiting.until(() -> thread.getState() == Thread.State.TIMED_WAITING);
            }
            assertThat(threads).hasSize(1);
        });
    }

    @EachConfiguration
    void aCallThatIsQueuedIsCancelledAndNeverRuns(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var pool = Offload.pool("one", 1);
            var gate = new CountDownLatch(1);
            var ran = new AtomicBoolean();
            var first =
                    Waiting.untilParked(
                            Fiber.start(() ->
                                    pool.call(() -> {
                                        gate.await();
                                        return true;
                                    })));
            var queued =
                    Waiting.untilParked(
                            Fiber.start(() ->
                                    pool.call(() -> {
                                        ran.set(true);
                                        return true;
                                    })));
            queued.cancel();
            assertThatThrownBy(queued::join).isInstanceOf(CancellationException.class);
            gate.countDown();
            first.join();
            pool.call(() -> true);
            assertThat(ran).isFalse();
        });
    }

    @EachConfiguration
    void aCallThatHasBegunIsWaitedForAndItsResultDelivered(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            var begun = new CountDownLatch(1);
            var gate = new CountDownLatch(1);
            var delivered = new AtomicReference<String>();
            var caller =
                    Fiber.start(() -> {
                        delivered.set(
                                Offload.call(() -> {
                                    begun.countDown();
                                    gate.await();
                                    return "result";
                                }));
                        Fiber.checkpoint();
                    });
            Fiber.yield();
            begun.await();
            caller.cancel();
            Waiting.untilParked(caller);
            gate.countDown();
            assertThatThrownBy(caller::join).isInstanceOf(CancellationException.class);
            assertThat(delivered.get()).isEqualTo("result");
        });
    }

    @EachConfiguration
    void anAbandonedCallIsInterruptedAndItsThreadServesTheNext(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            var pool = Offload.pool("abandoning", 1).abandoningOnCancel();
            var begun = new CountDownLatch(1);
            var interrupted = new CountDownLatch(1);
            var caller =
                    Fiber.start(() ->
                            pool.call(() -> {
                                begun.countDown();
                                try {
                                    new CountDownLatch(1).await();
                                } catch (InterruptedException e) {
                                    interrupted.countDown();
                                    throw e;
                                }
                                return true;
                            }));
            Fiber.yield();
            begun.await();
            caller.cancel();
            assertThatThrownBy(caller::join)
                    .isInstanceOf(CancellationException.class)
                    .hasCauseInstanceOf(CancelledException.class);
            interrupted.await();
            assertThat(pool.<Boolean, Exception>call(() -> Thread.currentThread().isInterrupted()))
                    .isFalse();
        });
    }

    @Test
    void aPoolOfNothingIsRefused() {
        assertThatThrownBy(() -> Offload.pool("none", 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0");
    }
}
