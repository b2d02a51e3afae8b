package dev.volokno.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.DeadlineException;
import dev.volokno.SystemCallException;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.TestLibc;
import dev.volokno.support.Turns;
import dev.volokno.support.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;

/** Numbers that somebody else closes or replaces while a fiber waits for them. */
class ForeignCloseTest {
    private static final Duration SHORT = Duration.ofMillis(5);

    /** No other thread of this process gets a number as high as this by chance. */
    private static final int HIGH = 900;

    /** Two connected sockets, the first with the first free number from {@link #HIGH} on. */
    private static int[] highSocketpair() {
        int[] ends = TestLibc.socketpair();
        int low = ends[0];
        ends[0] = TestLibc.duplicate(low, HIGH);
        TestLibc.close(low);
        return ends;
    }

    @EachConfiguration
    void numbersThatAreNotOpenAreRefusedInEveryDirection(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            for (int number : new int[] {-1, 99_999, Integer.MAX_VALUE}) {
                try (var borrowed = Fd.borrow(number)) {
                    for (var wait : waits(borrowed)) {
                        assertThatThrownBy(wait::make)
                                .isInstanceOf(SystemCallException.class)
                                .hasMessageContaining("EBADF");
                    }
                }
            }
        });
    }

    private interface Wait {
        void make() throws IOException;
    }

    private static Wait[] waits(BorrowedFd fd) {
        return new Wait[] {fd::awaitReadable, fd::awaitWritable, fd::awaitPriority};
    }

    @EachConfiguration
    void aNumberClosedUnderItsWaiterIsNotHeldOpenAndCausesNoSpin(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            int[] ends = highSocketpair();
            try (var borrowed = Fd.borrow(ends[0])) {
                var waiter = waiting(borrowed);
                TestLibc.close(ends[0]);
                assertThat(TestLibc.readByte(ends[1])).as("the end reaches the peer").isZero();
                Turns.assertRest();
                assertThatThrownBy(borrowed::awaitReadable)
                        .isInstanceOf(SystemCallException.class)
                        .hasMessageContaining("EBADF");
                waiter.cancel();
                assertThatThrownBy(waiter::join).isInstanceOf(CancellationException.class);
            }
            TestLibc.close(ends[1]);
        });
    }

    @EachConfiguration
    void anEventOfTheFileThatHadTheNumberBeforeFindsNobody(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            int[] old = highSocketpair();
            try (var borrowed = Fd.borrow(old[0])) {
                var waiter = waiting(borrowed);
                // It keeps the file open, and with it what is registered in the kernel.
                int copy = TestLibc.duplicate(old[0], 3);
                TestLibc.close(old[0]);
                int[] fresh = highSocketpair();
                assertThat(fresh[0]).isEqualTo(old[0]);
                waiter.cancel();
                assertThatThrownBy(waiter::join).isInstanceOf(CancellationException.class);
                var second = waiting(borrowed);
                TestLibc.writeByte(old[1]);
                Turns.assertRest();
                assertThat(Waiting.isParked(second)).isTrue();
                TestLibc.writeByte(fresh[1]);
                second.join();
                closeAll(copy, old[1], fresh[0], fresh[1]);
            }
        });
    }

    @EachConfiguration
    void anOwnedNumberThatSomebodyElseClosedFailsItsOwnCallsAlone(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            int[] ends = highSocketpair();
            var lost = ByteStream.over(Fd.adopt(ends[0]));
            try (var well = ByteStream.over(Fd.adopt(ends[1]));
                    Pipe pipe = Pipe.open()) {
                var reader = Waiting.untilParked(Fiber.start(() -> Bytes.read(pipe.source())));
                TestLibc.close(ends[0]);
                assertThatThrownBy(() -> Bytes.read(lost))
                        .isInstanceOf(SystemCallException.class)
                        .hasMessageContaining("EBADF on fd " + ends[0]);
                assertThatThrownBy(() -> lost.fd().awaitReadable(SHORT))
                        .isInstanceOf(IOException.class)
                        .isNotInstanceOf(DeadlineException.class);
                assertThatThrownBy(lost::close)
                        .isInstanceOf(SystemCallException.class)
                        .hasMessageContaining("close: EBADF");
                assertThat(Bytes.read(well)).isEqualTo("end");
                pipe.sink().write(Bytes.of("on"));
                assertThat(reader.join()).isEqualTo("on");
            }
        });
    }

    /** A fiber of whose wait the loop knows. */
    private static Fiber<Void> waiting(BorrowedFd socket) throws IOException {
        var waiter = Waiting.untilParked(Fiber.start(() -> socket.awaitReadable()));
        // The loop takes calls in their order; this one comes next and is answered at once.
        socket.awaitWritable();
        return waiter;
    }

    private static void closeAll(int... numbers) {
        for (int number : numbers) {
            assertThat(TestLibc.close(number)).isZero();
        }
    }
}
