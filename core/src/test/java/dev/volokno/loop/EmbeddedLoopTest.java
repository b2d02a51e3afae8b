package dev.volokno.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.backend.Kernel;
import dev.volokno.fd.Pipe;
import dev.volokno.fiber.Channel;
import dev.volokno.fiber.Fiber;
import dev.volokno.linux.Poll;
import dev.volokno.net.UdpSocket;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfinedConfiguration;
import dev.volokno.support.Waiting;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A loop that is stepped by a test, which polls its descriptor as another event loop would. */
class EmbeddedLoopTest {
    private static final Duration SHORT = Duration.ofMillis(2);

    private final MemorySegment errno = Kernel.newErrno(Arena.ofAuto());

    /** Whether a step is due, as far as the descriptor tells. */
    private boolean isDue(EmbeddedLoop loop) {
        return Poll.now(errno, Kernel.scratch(errno), loop.fd(), Poll.POLLIN) != 0;
    }

    /** Steps whenever the descriptor tells, and at no other time. */
    private void driveUntil(EmbeddedLoop loop, BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (isDue(loop)) {
                loop.step(Duration.ZERO);
            } else {
                Thread.onSpinWait();
            }
        }
    }

    private void driveUntilEnded(EmbeddedLoop loop, Fiber<?> fiber) {
        driveUntil(loop, () -> fiber.state() != Future.State.RUNNING);
    }

    @EachConfinedConfiguration
    void aLoopWithNothingToDoAsksForNoStep(Configuration configuration) throws Exception {
        try (EmbeddedLoop loop = Loop.embedded(configuration.options())) {
            loop.step(Duration.ZERO);
            assertThat(isDue(loop)).isFalse();
            assertThat(loop.step(SHORT)).isTrue();
            assertThat(isDue(loop)).isFalse();
        }
    }

    @EachConfinedConfiguration
    void whatIsSubmittedBetweenStepsIsTold(Configuration configuration) throws Exception {
        try (EmbeddedLoop loop = Loop.embedded(configuration.options())) {
            Fiber<String> fiber = loop.loop().submit(() -> "done");
            assertThat(isDue(loop)).isTrue();
            loop.step(Duration.ZERO);
            assertThat(fiber.resultNow()).isEqualTo("done");
            assertThat(isDue(loop)).isFalse();
        }
    }

    @EachConfinedConfiguration
    void timersAreTold(Configuration configuration) throws Exception {
        try (EmbeddedLoop loop = Loop.embedded(configuration.options())) {
            Fiber<Void> sleeper =
                    loop.loop()
                            .submit(() -> {
                                Fiber.sleep(SHORT);
                                Fiber.sleep(SHORT.multipliedBy(2));
                            });
            loop.step(Duration.ZERO);
            assertThat(sleeper.state()).isEqualTo(Future.State.RUNNING);
            driveUntilEnded(loop, sleeper);
        }
    }

    @EachConfinedConfiguration
    void inputFromOutsideIsTold(Configuration configuration) throws Exception {
        try (EmbeddedLoop loop = Loop.embedded(configuration.options());
                Loop other = Loop.start(configuration.options())) {
            var address = new AtomicReference<InetSocketAddress>();
            Fiber<String> receiver =
                    loop.loop()
                            .submit(() -> {
                                var any =
                                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
                                try (var udp = UdpSocket.bind(any)) {
                                    address.set(udp.localAddress());
                                    var buffer = ByteBuffer.allocate(100);
                                    udp.receive(buffer);
                                    return Bytes.text(buffer);
                                }
                            });
            driveUntil(loop, () -> address.get() != null);
            other.submit(() -> {
                var any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
                try (var udp = UdpSocket.bind(any)) {
                    udp.send(Bytes.of("hello"), address.get());
                }
            });
            driveUntilEnded(loop, receiver);
            assertThat(receiver.resultNow()).isEqualTo("hello");
        }
    }

    @EachConfinedConfiguration
    void fibersPipesAndCallbacksRunInSteps(Configuration configuration) throws Exception {
        List<String> read = new ArrayList<>();
        try (EmbeddedLoop embedded = Loop.embedded(configuration.options())) {
            Loop loop = embedded.loop();
            Fiber<Void> main =
                    loop.submit(() -> {
                        try (Pipe pipe = Pipe.open()) {
                            var told = Channel.<String>bounded(1);
                            loop.watch(
                                            pipe.source().fd(),
                                            Conditions.READABLE,
                                            _ -> {
                                                var buffer = ByteBuffer.allocate(10);
                                                pipe.source().tryRead(buffer);
                                                told.trySend(Bytes.text(buffer));
                                                return Conditions.READABLE;
                                            })
                                    .daemon();
                            for (String word : List.of("one", "two", "three")) {
                                Fiber.start(() -> pipe.sink().write(Bytes.of(word)));
                                read.add(told.receive());
                            }
                        }
                    });
            driveUntilEnded(embedded, main);
            assertThat(main.state()).isEqualTo(Future.State.SUCCESS);
        }
        assertThat(read).containsExactly("one", "two", "three");
    }

    @EachConfinedConfiguration
    void aStepEndsAlthoughThereIsAlwaysMore(Configuration configuration) throws Exception {
        try (EmbeddedLoop loop = Loop.embedded(configuration.options())) {
            Fiber<Void> busy =
                    loop.loop()
                            .submit(() -> {
                                while (true) {
                                    Fiber.yield();
                                }
                            });
            loop.step(Duration.ofDays(1));
            assertThat(isDue(loop)).isTrue();
            busy.cancel();
            driveUntilEnded(loop, busy);
        }
    }

    @EachConfinedConfiguration
    void aStepMayWait(Configuration configuration) throws Exception {
        try (EmbeddedLoop loop = Loop.embedded(configuration.options())) {
            Fiber<Void> sleeper = loop.loop().submit(() -> Fiber.sleep(SHORT));
            while (sleeper.state() == Future.State.RUNNING) {
                loop.step(Duration.ofDays(1));
            }
        }
    }

    @EachConfinedConfiguration
    void severalLoopsShareAThread(Configuration configuration) throws Exception {
        try (EmbeddedLoop one = Loop.embedded(configuration.options());
                EmbeddedLoop other = Loop.embedded(configuration.options())) {
            Channel<String> channel = Channel.bounded(1);
            Fiber<String> receiver = one.loop().submit(() -> channel.receive());
            driveUntil(one, () -> Waiting.isParked(receiver));
            Fiber<Void> sender = other.loop().submit(() -> channel.send("across"));
            driveUntilEnded(other, sender);
            driveUntilEnded(one, receiver);
            assertThat(receiver.resultNow()).isEqualTo("across");
        }
    }

    // ---- its end

    @EachConfinedConfiguration
    void closeCancelsWhatRunsAndClosesWhatIsOpen(Configuration configuration) throws Exception {
        var cleanedUp = new ArrayList<String>();
        EmbeddedLoop loop = Loop.embedded(configuration.options());
        Fiber<Void> fiber =
                loop.loop()
                        .submit(() -> {
                            Pipe pipe = Pipe.open();
                            try {
                                Bytes.read(pipe.source());
                            } finally {
                                cleanedUp.add("cleaned up");
                            }
                        });
        driveUntil(loop, () -> Waiting.isParked(fiber));
        loop.close();
        loop.close();
        assertThat(cleanedUp).hasSize(1);
        assertThat(fiber.state()).isEqualTo(Future.State.CANCELLED);
        assertThatThrownBy(() -> loop.step(Duration.ZERO))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has ended");
        assertThatThrownBy(loop::fd).hasMessageContaining("has ended");
        assertThatThrownBy(() -> loop.loop().submit(() -> 1)).hasMessageContaining("has ended");
    }

    @EachConfinedConfiguration
    void anotherThreadStopsItWhileItIsDriven(Configuration configuration) throws Exception {
        EmbeddedLoop loop = Loop.embedded(configuration.options());
        var thread = Thread.ofPlatform().start(() -> loop.loop().stop(Duration.ofDays(1)));
        boolean goesOn = true;
        while (goesOn) {
            goesOn = !isDue(loop) || loop.step(Duration.ZERO);
        }
        thread.join();
        loop.close();
    }

    // ---- misuse

    @EachConfinedConfiguration
    void onlyTheThreadThatOpenedItSteps(Configuration configuration) throws Exception {
        try (EmbeddedLoop loop = Loop.embedded(configuration.options())) {
            var thrown = new AtomicReference<Throwable>();
            var thread =
                    Thread.ofPlatform()
                            .uncaughtExceptionHandler((_, t) -> thrown.set(t))
                            .start(() -> loop.step(Duration.ZERO));
            thread.join();
            assertThat(thrown.get())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("by the thread that opened it");
        }
    }

    @EachConfinedConfiguration
    @SuppressWarnings("try") // the close that is refused
    void itIsNotSteppedFromInside(Configuration configuration) throws Exception {
        try (EmbeddedLoop loop = Loop.embedded(configuration.options())) {
            Fiber<Boolean> fiber = loop.loop().submit(() -> loop.step(Duration.ZERO));
            driveUntilEnded(loop, fiber);
            assertThat(fiber.exceptionNow())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("by the thread that opened it");
            var thrown = new AtomicReference<Throwable>();
            loop.loop()
                    .after(
                            Duration.ZERO,
                            () -> {
                                try {
                                    loop.close();
                                } catch (IllegalStateException e) {
                                    thrown.set(e);
                                }
                                return TimerCallback.END;
                            });
            driveUntil(loop, () -> thrown.get() != null);
            assertThat(thrown.get()).hasMessageContaining("inside of its own step");
        }
    }

    @EachConfinedConfiguration
    void whoDrivesItDoesNotWaitForIt(Configuration configuration) throws Exception {
        try (EmbeddedLoop loop = Loop.embedded(configuration.options())) {
            Fiber<Pipe> opened = loop.loop().submit(() -> Pipe.open());
            assertThatThrownBy(opened::join)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("the thread that steps an embedded loop");
            driveUntilEnded(loop, opened);
            try (Pipe pipe = opened.resultNow()) {
                assertThatThrownBy(() -> Bytes.read(pipe.source()))
                        .hasMessageContaining("the thread that steps an embedded loop");
                assertThat(pipe.sink().tryWrite(Bytes.of("x"))).isEqualTo(1);
            }
        }
        // The thread is an ordinary one again.
        Loop.run(() -> Fiber.sleep(Duration.ZERO));
    }

    @EachConfinedConfiguration
    void theThreadIsNoLoopsBetweenSteps(Configuration configuration) throws Exception {
        try (EmbeddedLoop loop = Loop.embedded(configuration.options())) {
            assertThatThrownBy(Loop::current).hasMessageContaining("no loop runs");
            Loop.run(configuration.options(), () -> Fiber.sleep(Duration.ZERO));
            Fiber<Loop> inside = loop.loop().submit(Loop::current);
            driveUntilEnded(loop, inside);
            assertThat(inside.resultNow()).isSameAs(loop.loop());
        }
    }

    @EachConfinedConfiguration
    void itIsNotOpenedOnAVirtualThread(Configuration configuration) throws Exception {
        configuration.run(() ->
                assertThatThrownBy(() -> Loop.embedded(configuration.options()))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("a platform thread"));
    }

    @ParameterizedTest
    @EnumSource(names = "EPOLL_UNCONFINED")
    void anUnconfinedLoopIsDrivenByNobody(Configuration configuration) {
        assertThatThrownBy(() -> Loop.embedded(configuration.options()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Loop.start");
    }
}
