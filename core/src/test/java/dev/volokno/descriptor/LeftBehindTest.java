package dev.volokno.descriptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.CancelledException;
import dev.volokno.SystemCallException;
import dev.volokno.backend.DirectOperation;
import dev.volokno.fd.Pipe;
import dev.volokno.fiber.Fiber;
import dev.volokno.linux.Errno;
import dev.volokno.linux.Fcntl;
import dev.volokno.loop.Loop;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.TestLibc;
import dev.volokno.support.Waiting;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;

/** Calls on another thread that nobody can end, and whose callers do not wait for that. */
class LeftBehindTest {
    /** A call that lasts until it is let go. */
    private static final class Stuck implements DirectOperation.Call {
        final CountDownLatch entered = new CountDownLatch(1);
        final CountDownLatch letGo = new CountDownLatch(1);

        @Override
        public long make(MemorySegment errno, int fd) {
            entered.countDown();
            try {
                letGo.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return 7;
        }
    }

    @EachConfiguration
    void aCancellationEndsTheWaitAndTheNumberIsClosedWhenTheCallHasEnded(Configuration on)
            throws Exception {
        on.run(() -> {
            var stuck = new Stuck();
            Pipe pipe = Pipe.open();
            Descriptor source = pipe.source().fd().descriptor();

            Fiber<?> caller =
                    Fiber.start(() -> {
                        source.blockingCall("stuck", stuck);
                    });
            Waiting.untilParked(caller);
            caller.cancel();
            assertThatThrownBy(caller::join).isInstanceOf(CancellationException.class);
            assertThat(Loop.current().stats().leftBehind()).isEqualTo(1);
            assertThat(Loop.current().dump()).contains("left behind [stuck on fd");

            int number = source.number();
            pipe.close();
            assertThat(TestLibc.fcntl(number, Fcntl.F_GETFL, 0)).isNotNegative();
            stuck.letGo.countDown();
            Waiting.until(() -> Loop.current().stats().leftBehind() == 0);
            assertThat(TestLibc.close(number)).isEqualTo(-Errno.EBADF.number());
            assertThat(Loop.current().stats().leftBehind()).isZero();
        });
    }

    @EachConfiguration
    void aResultThatCameIsDeliveredAlsoToWhoIsCancelledAfterIt(Configuration on) throws Exception {
        on.run(() -> {
            try (Pipe pipe = Pipe.open()) {
                Descriptor source = pipe.source().fd().descriptor();
                var stuck = new Stuck();
                stuck.letGo.countDown();
                assertThat(source.blockingCall("stuck", stuck)).isEqualTo(7);
                Fiber.current().cancel();
                assertThatThrownBy(() -> source.blockingCall("stuck", stuck))
                        .isInstanceOf(CancelledException.class);
            }
        });
    }

    @EachConfiguration
    void aCallThatThrowsFailsAndNobodyWaitsForEver(Configuration on) throws Exception {
        on.run(() -> {
            try (Pipe pipe = Pipe.open()) {
                Descriptor source = pipe.source().fd().descriptor();
                assertThatThrownBy(() ->
                                source.blockingCall(
                                        "broken",
                                        (_, _) -> {
                                            throw new IllegalStateException("a mistake");
                                        }))
                        .isInstanceOf(SystemCallException.class)
                        .hasMessageStartingWith("broken: EIO on fd");
            }
        });
    }

    @EachConfiguration
    void theEndOfALoopDoesNotWaitForIt(Configuration on) throws Exception {
        var stuck = new Stuck();
        on.run(() -> {
            Pipe pipe = Pipe.open();
            pipe.sink().close();
            Descriptor source = pipe.source().fd().descriptor();
            Fiber<?> caller = Fiber.start(() -> source.blockingCall("stuck", stuck));
            Waiting.awaitParked(caller);
            caller.cancel();
        });
        stuck.letGo.countDown();
    }
}
