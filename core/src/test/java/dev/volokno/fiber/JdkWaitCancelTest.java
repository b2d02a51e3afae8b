package dev.volokno.fiber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.Turns;
import dev.volokno.support.Waiting;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Exchanger;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.assertj.core.api.AbstractThrowableAssert;

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
        Turns.assertRest();
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
            isEnded(() -> new Semaphore(0).acquire());
            isEnded(() -> new SynchronousQueue<String>().put("x"));
            isEnded(() -> new Exchanger<String>().exchange("x"));
            isEnded(() -> new Phaser(1).awaitAdvanceInterruptibly(0));
            isEnded(() -> {
                lock.lock();
                try {
                    lock.newCondition().await();
                } finally {
                    lock.unlock();
                }
            });
            isEnded(() -> {
                synchronized (monitor) {
                    monitor.wait();
                }
            });
        });
    }

    private interface TimedWait {
        void during(Duration time) throws InterruptedException;
    }

    @EachConfiguration
    void timedWaitsEnd(Configuration configuration) throws Exception {
        configuration.run(() -> {
            TimedWait sleep = Thread::sleep;
            List<Action<InterruptedException>> waits =
                    List.of(
                            () -> new CountDownLatch(1).await(9, TimeUnit.DAYS),
                            () -> new LinkedBlockingQueue<String>().poll(9, TimeUnit.DAYS),
                            () -> sleep.during(Duration.ofDays(9)));
            for (Action<InterruptedException> wait : waits) {
                var fiber = Fiber.start(wait);
                Waiting.until(() -> fiber.thread().getState() == Thread.State.TIMED_WAITING);
                fiber.cancel();
                assertThatThrownBy(fiber::join)
                        .isInstanceOf(CancellationException.class)
                        .hasCauseInstanceOf(InterruptedException.class);
            }
        });
    }

    @EachConfiguration
    void socketsOfTheJdkCloseThemselves(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var loopback = InetAddress.getLoopbackAddress();
            try (var server = new ServerSocket(0, 2, loopback);
                    var socket = new Socket(loopback, server.getLocalPort());
                    var channel = SocketChannel.open(server.getLocalSocketAddress())) {
                var reader = Fiber.start(() -> socket.getInputStream().read());
                assertCancelled(reader).hasCauseInstanceOf(SocketException.class);
                assertThat(socket.isClosed()).isTrue();
                var receiver = Fiber.start(() -> channel.read(ByteBuffer.allocate(1)));
                assertCancelled(receiver).hasCauseInstanceOf(ClosedByInterruptException.class);
                assertThat(channel.isOpen()).isFalse();
            }
        });
    }

    private static AbstractThrowableAssert<?, ?> assertCancelled(Fiber<?> fiber) {
        Waiting.awaitParked(fiber);
        fiber.cancel();
        return assertThatThrownBy(fiber::join).isInstanceOf(CancellationException.class);
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
            var permits = new Semaphore(0);
            goesOn(permits::acquireUninterruptibly, permits::release);
            var phaser = new Phaser(2);
            goesOn(phaser::arriveAndAwaitAdvance, phaser::arrive);
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
