package dev.volokno.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.DeadlineException;
import dev.volokno.fd.Pipe;
import dev.volokno.fd.TimerFd;
import dev.volokno.fiber.Channel;
import dev.volokno.fiber.Deadline;
import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Offload;
import dev.volokno.loop.Loop;
import dev.volokno.net.TcpListener;
import dev.volokno.net.TcpSocket;
import dev.volokno.tty.Pty;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Time that jumps, chance by a seed, and the verdict that nothing can happen any more. */
class TestLoopTest {
    private static final InetSocketAddress ANY_PORT =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring"})
    void tenMinutesOfRetriesTakeNoTimeAndExactlyTenMinutes(String backend) throws Exception {
        var attempts = new ArrayList<Duration>();
        TestLoop.create()
                .withBackend(backend)
                .run(() -> {
                    var began = Loop.current().clock().instant();
                    for (int i = 0; i < 20; i++) {
                        Fiber.sleep(Duration.ofSeconds(30));
                        attempts.add(Duration.between(began, Loop.current().clock().instant()));
                    }
                });
        assertThat(attempts).hasSize(20).endsWith(Duration.ofMinutes(10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring"})
    void aReadOutOfTimeEndsAtOnceAndTheAnswerIsStillRead(String backend) throws Exception {
        TestLoop.create()
                .withBackend(backend)
                .run(() -> {
                    try (Pipe pipe = Pipe.open()) {
                        Fiber.start(() -> {
                            Fiber.sleep(Duration.ofHours(2));
                            pipe.sink().write(ByteBuffer.wrap(new byte[] {7}));
                        });
                        var one = ByteBuffer.allocateDirect(1);
                        assertThatThrownBy(() -> pipe.source().read(one, Duration.ofHours(1)))
                                .isInstanceOf(DeadlineException.class);
                        assertThat(pipe.source().read(one, Duration.ofHours(2))).isOne();
                    }
                });
    }

    @Test
    void dataIsThereBeforeTimeJumpsOnTerminalsAndNetworksToo() throws Exception {
        for (int seed = 0; seed < 20; seed++) {
            TestLoop.create()
                    .withSeed(seed)
                    .run(() -> {
                        try (Pty pty = Pty.open();
                                TcpListener listener = TcpListener.bind(ANY_PORT)) {
                            pty.makeRaw();
                            try (var slave = pty.openSlave();
                                    TcpSocket client = TcpSocket.connect(listener.localAddress());
                                    TcpSocket server = listener.accept()) {
                                echo(slave, pty);
                                echo(server, client);
                            }
                        }
                    });
        }
    }

    private static void echo(dev.volokno.fd.ByteStream server, dev.volokno.fd.ByteStream client)
            throws Exception {
        Fiber<?> echoing =
                Fiber.start(() -> {
                    var buffer = ByteBuffer.allocateDirect(100);
                    server.read(buffer);
                    server.write(buffer.flip());
                });
        // A millisecond of the loop's is none of the kernel's.
        Deadline.within(
                Duration.ofMillis(1),
                () -> {
                    client.write(ByteBuffer.wrap("hello".getBytes()));
                    client.readFully(ByteBuffer.allocate(5));
                });
        echoing.join();
    }

    @Test
    void stuckFibersAreADeadlockAndToldWhatTheyWaitFor() {
        assertThatThrownBy(() ->
                        TestLoop.create()
                                .run(() -> {
                                    try (Pipe pipe = Pipe.open()) {
                                        Channel<String> nobodySends = Channel.rendezvous();
                                        Fiber.start(() -> nobodySends.receive());
                                        pipe.source().read(ByteBuffer.allocate(1));
                                    }
                                }))
                .isInstanceOf(DeadlockError.class)
                .hasMessageContaining("waits for an element of channel")
                .hasMessageContaining("waits for read on fd");
    }

    @Test
    void aFiberStuckInALockOfTheJdkIsADeadlockToo() {
        var lock = new ReentrantLock();
        lock.lock();
        assertThatThrownBy(() -> TestLoop.create().run(() -> lock.lockInterruptibly()))
                .isInstanceOf(DeadlockError.class)
                .hasMessageContaining("waits in ")
                .hasMessageContaining(TestLoopTest.class.getName());
    }

    @Test
    void theSeedDecidesWhoRunsNext() throws Exception {
        var orders = new HashSet<List<Integer>>();
        for (int seed = 0; seed < 10; seed++) {
            List<Integer> order = order(seed);
            assertThat(order(seed)).isEqualTo(order);
            orders.add(order);
        }
        assertThat(orders).hasSizeGreaterThan(5);
    }

    private static List<Integer> order(long seed) throws Exception {
        var order = new ArrayList<Integer>();
        TestLoop.create()
                .withSeed(seed)
                .run(() -> {
                    for (int i = 0; i < 8; i++) {
                        int number = i;
                        Fiber.start(() -> {
                            Fiber.yield();
                            order.add(number);
                        });
                    }
                });
        return order;
    }

    @Test
    void aFailureKeepsItsTypeAndTellsTheSeed() {
        assertThatThrownBy(() ->
                        TestLoop.create()
                                .withSeed(42)
                                .run(() -> {
                                    throw new IOException("mine");
                                }))
                .isInstanceOf(IOException.class)
                .hasMessage("mine")
                .satisfies(failure ->
                        assertThat(failure.getSuppressed()[0])
                                .hasMessage("seed 42: -Dvolokno.test.seed=42 repeats it"));
    }

    @Test
    void aSeedThatIsNoNumberIsRefused() {
        String before = System.setProperty(TestLoop.SEED_PROPERTY, "yesterday's");
        try {
            assertThatThrownBy(TestLoop::create)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("yesterday's");
        } finally {
            if (before == null) {
                System.clearProperty(TestLoop.SEED_PROPERTY);
            } else {
                System.setProperty(TestLoop.SEED_PROPERTY, before);
            }
        }
    }

    @Test
    void whatIsLeftOpenFailsTheRun() {
        assertThatThrownBy(() -> TestLoop.create().run(() -> Pipe.open().source().close()))
                .isInstanceOf(AssertionError.class)
                .hasMessageMatching("left open: fd \\d+, opened at .+");
    }

    @Test
    void timeDoesNotJumpOverACallOnAnotherThread() throws Exception {
        var done = new CountDownLatch(1);
        TestLoop.create()
                .run(() -> {
                    Fiber.start(() -> {
                        Fiber.sleep(Duration.ofSeconds(1));
                        assertThat(done.getCount()).isZero();
                    });
                    Offload.call(() -> {
                        LockSupport.parkNanos(20_000_000);
                        done.countDown();
                        return true;
                    });
                });
    }

    @Test
    void aTimedWaitOfTheJdkTakesRealTimeAndOursGoesOnAfterIt() throws Exception {
        TestLoop.create()
                .run(() -> {
                    var order = new ArrayList<String>();
                    Fiber<?> ours =
                            Fiber.start(() -> {
                                Fiber.sleep(Duration.ofHours(1));
                                order.add("ours");
                            });
                    new CountDownLatch(1).await(5, TimeUnit.MILLISECONDS);
                    order.add("the JDK's");
                    ours.join();
                    assertThat(order).containsExactly("the JDK's", "ours");
                });
    }

    @Test
    void fibersThatNeverRestStillSeeTimePass() {
        assertThatThrownBy(() ->
                        TestLoop.create()
                                .run(() ->
                                        Deadline.within(
                                                Duration.ofSeconds(1),
                                                () -> {
                                                    while (true) {
                                                        Fiber.yield();
                                                    }
                                                })))
                .isInstanceOf(DeadlineException.class);
    }

    @Test
    void anotherThreadIsWaitedForIfAskedFor() throws Exception {
        var sent = Channel.<String>bounded(1);
        Thread.ofPlatform().daemon().start(() -> sent.send("from outside"));
        TestLoop.create()
                .withPatience(Duration.ofSeconds(10))
                .run(() -> assertThat(sent.receive()).isEqualTo("from outside"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring"})
    void aTimerOfTheKernelsIsWaitedForAndTimeDoesNotJump(String backend) throws Exception {
        TestLoop.create()
                .withBackend(backend)
                .run(() -> {
                    try (TimerFd timer = TimerFd.open(TimerFd.Clock.MONOTONIC)) {
                        timer.after(Duration.ofMillis(5));
                        assertThat(timer.take()).isOne();
                        timer.after(Duration.ofMillis(5));
                        long expired = Deadline.within(Duration.ofHours(1), () -> timer.take());
                        assertThat(expired).isOne();
                    }
                });
    }

    @Test
    void aTimerOfTheKernelsThatIsNotArmedIsWaitedForInVain() {
        assertThatThrownBy(() ->
                        TestLoop.create()
                                .run(() -> {
                                    try (var timer = TimerFd.open(TimerFd.Clock.MONOTONIC)) {
                                        timer.take();
                                    }
                                }))
                .isInstanceOf(DeadlockError.class);
    }
}
