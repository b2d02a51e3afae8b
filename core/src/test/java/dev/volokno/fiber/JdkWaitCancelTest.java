package dev.volokno.fiber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.Waiting;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

/** What a cancellation does to a fiber that waits in a call of the JDK's. */
class JdkWaitCancelTest {
    /** The wait ends by the cancellation. */
    private static void isEnded(Action<? extends Exception> wait) {
        var fiber = Fiber.start(wait);
        Waiting.awaitParked(fiber);
        fiber.cancel();
        assertThatThrownBy(fiber::join)
                .isInstanceOf(CancellationException.class)
                .hasCauseInstanceOf(InterruptedException.class);
    }

    /** The wait goes on until {@code release}; the next one of the library throws. */
    private static void goesOn(Action<? extends Exception> wait, Runnable release)
            throws Exception {
        var steps = new AtomicReference<>("begun");
        var fiber =
                Fiber.start(() -> {
                    wait.run();
                    steps.set("returned");
                    Fiber.checkpoint();
                    steps.set("went on");
                });
        Waiting.awaitParked(fiber);
        fiber.cancel();
        for (int i = 0; i < 100; i++) {
            Fiber.yield();
        }
        assertThat(fiber.state()).isEqualTo(Future.State.RUNNING);
        assertThat(steps.get()).isEqualTo("begun");
        release.run();
        assertThatThrownBy(fiber::join).isInstanceOf(CancellationException.class);
        assertThat(steps.get()).isEqualTo("returned");
    }

    @EachConfiguration
    void interruptibleWaitsEnd(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var lock = new ReentrantLock();
            var monitor = new Object();
            lock.lock();
            isEnded(lock::lockInterruptibly);
            lock.unlock();
            isEnded(() -> new LinkedBlockingQueue<String>().take());
            isEnded(() -> new CountDownLatch(1).await());
            isEnded(() -> new CompletableFuture<String>().get());
            isEnded(() -> {
                synchronized (monitor) {
                    monitor.wait();
                }
            });
        });
    }

    @EachConfiguration
    void aTimedWaitEnds(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var fiber = Fiber.start(() -> new CountDownLatch(1).await(9, TimeUnit.DAYS));
            Waiting.until(() -> fiber.thread().getState() == Thread.State.TIMED_WAITING);
            fiber.cancel();
            assertThatThrownBy(fiber::join)
                    .isInstanceOf(CancellationException.class)
                    .hasCauseInstanceOf(InterruptedException.class);
        });
    }

    @EachConfiguration
    void uninterruptibleWaitsGoOnUntilTheyReturn(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var lock = new ReentrantLock();
            lock.lock();
            goesOn(
                    () -> {
                        lock.lock();
                        lock.unlock();
                    },
                    lock::unlock);
            var future = new CompletableFuture<String>();
            goesOn(() -> future.join(), () -> future.complete("done"));
        });
    }

    @EachConfiguration
    void soDoesTheWayIntoAMonitor(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var monitor = new Object();
            var held = new CountDownLatch(1);
            var release = new CountDownLatch(1);
            Thread holder =
                    Thread.ofPlatform()
                            .start(() -> {
                                synchronized (monitor) {
                                    held.countDown();
                                    Waiting.until(() -> release.getCount() == 0);
                                }
                            });
            held.await();
            var steps = new AtomicReference<>("begun");
            var fiber =
                    Fiber.start(() -> {
                        synchronized (monitor) {
                            steps.set("inside");
                        }
                        Fiber.checkpoint();
                    });
            Waiting.until(() -> fiber.thread().getState() == Thread.State.BLOCKED);
            fiber.cancel();
            for (int i = 0; i < 100; i++) {
                Fiber.yield();
            }
            assertThat(steps.get()).isEqualTo("begun");
            release.countDown();
            assertThatThrownBy(fiber::join).isInstanceOf(CancellationException.class);
            assertThat(steps.get()).isEqualTo("inside");
            holder.join();
        });
    }
}
