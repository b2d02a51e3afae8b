package dev.volokno.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.fd.BorrowedFd;
import dev.volokno.fd.Fd;
import dev.volokno.fd.Pipe;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.TestLibc;
import dev.volokno.support.Waiting;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A loop that is stopped while somebody does not want to end. */
class StopTest {
    private static final Duration SHORT = Duration.ofMillis(5);

    @EachConfiguration
    void itEndsTheWaitOfAThreadForABorrowedDescriptor(Configuration configuration)
            throws Exception {
        int[] ends = TestLibc.socketpair();
        Loop loop = Loop.start(configuration.options());
        BorrowedFd borrowed = loop.submit(() -> Fd.borrow(ends[0])).join();
        var waiting =
                new FutureTask<>(() ->
                        assertThatThrownBy(borrowed::awaitReadable)
                                .isInstanceOf(ClosedChannelException.class));
        Waiting.untilParked(Thread.ofPlatform().start(waiting));
        loop.stop(SHORT);
        waiting.get();
        for (int end : ends) {
            assertThat(TestLibc.close(end)).isZero();
        }
    }

    @EachConfiguration
    void itsDaemonsEndBeforeItLeavesOthersBehind(Configuration configuration) throws Exception {
        var gate = new CompletableFuture<String>();
        Loop loop = Loop.start(configuration.options());
        var stubborn = loop.submit(() -> gate.join());
        Fiber<Void> daemon = loop.daemon(() -> Fiber.sleep(Duration.ofDays(1)));
        Waiting.until(() -> LockSupport.getBlocker(stubborn.thread()) != null);
        Waiting.untilParked(daemon);
        loop.stop(SHORT);
        assertThat(daemon.state()).isEqualTo(Future.State.CANCELLED);
        assertThat(stubborn.state()).isEqualTo(Future.State.RUNNING);
        gate.complete("at last");
        assertThat(stubborn.join()).isEqualTo("at last");
    }

    @EachConfiguration
    void itDoesNotWaitForAFiberThatCatchesAllAndTriesAgain(Configuration configuration)
            throws Exception {
        var over = new AtomicBoolean();
        var failures = new AtomicInteger();
        Loop loop = Loop.start(configuration.options());
        Pipe pipe = loop.submit(() -> Pipe.open()).join();
        var stubborn =
                loop.submit(() -> {
                    while (!over.get()) {
                        try {
                            Bytes.read(pipe.source());
                        } catch (Throwable ignored) {
                            failures.incrementAndGet();
                        }
                    }
                });
        Waiting.untilParked(stubborn);
        loop.stop(SHORT);
        over.set(true);
        stubborn.join();
        assertThat(failures).hasPositiveValue();
    }

    @EachConfiguration
    void withoutAGraceItIsRefusedAndTheLoopGoesOn(Configuration configuration) throws Exception {
        try (Loop loop = Loop.start(configuration.options())) {
            assertThatThrownBy(() -> loop.stop(null)).isInstanceOf(NullPointerException.class);
            assertThat(loop.submit(() -> "goes on").join()).isEqualTo("goes on");
        }
    }

    @EachConfiguration
    void severalMayStopALoopWhoseFibersAreAlwaysReady(Configuration configuration)
            throws Exception {
        if (!configuration.confined()) {
            // The JDK's scheduler runs them there, and may run nothing else.
            return;
        }
        Loop loop = Loop.start(configuration.options());
        var first = loop.submit(() -> yieldForEver());
        var second = loop.submit(() -> yieldForEver());
        List<FutureTask<String>> stops = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            var stop = new FutureTask<>(() -> loop.stop(Duration.ofDays(1)), "returned");
            stops.add(stop);
            Thread.ofPlatform().start(stop);
        }
        for (FutureTask<String> stop : stops) {
            assertThat(stop.get()).isEqualTo("returned");
        }
        assertThat(first.state()).isEqualTo(Future.State.CANCELLED);
        assertThat(second.state()).isEqualTo(Future.State.CANCELLED);
    }

    private static void yieldForEver() {
        while (true) {
            Fiber.yield();
        }
    }

    @EachConfiguration
    void aLoopThatHasDoneNothingYetCanBeStopped(Configuration configuration) throws Exception {
        for (int i = 0; i < 20; i++) {
            Loop loop = Loop.start(configuration.options());
            loop.stop(SHORT);
            loop.stop(Duration.ZERO);
            assertThatThrownBy(() -> loop.submit(() -> "late"))
                    .isInstanceOf(IllegalStateException.class);
        }
    }
}
