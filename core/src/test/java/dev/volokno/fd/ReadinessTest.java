package dev.volokno.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.DeadlineException;
import dev.volokno.backend.Kernel;
import dev.volokno.fiber.Action;
import dev.volokno.fiber.Fiber;
import dev.volokno.linux.SysEpoll;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachLoop;
import dev.volokno.support.EachStream;
import dev.volokno.support.StreamSetting;
import dev.volokno.support.TestLibc;
import dev.volokno.support.Turns;
import dev.volokno.support.Waiting;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CancellationException;

/** Several who wait for one descriptor, and descriptors for which nobody waits. */
class ReadinessTest {
    @EachLoop
    void whoIsCancelledTakesNothingFromTheOthersWhoWait(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            int[] ends = TestLibc.socketpair();
            try (var near = ByteStream.over(Fd.adopt(ends[0]));
                    var far = ByteStream.over(Fd.adopt(ends[1]));
                    var borrowed = near.fd().use(Fd::borrow)) {
                Fd owned = near.fd();
                cancelOneOfThree(
                        near, far, () -> owned.awaitReadable(), () -> owned.awaitWritable());
                cancelOneOfThree(
                        near, far, () -> borrowed.awaitReadable(), () -> borrowed.awaitWritable());
            }
        });
    }

    private static void cancelOneOfThree(
            ByteStream near,
            ByteStream far,
            Action<IOException> readable,
            Action<IOException> writable)
            throws Exception {
        Bytes.fill(near);
        var first = Waiting.untilParked(Fiber.start(readable));
        var second = Waiting.untilParked(Fiber.start(readable));
        var writer = Waiting.untilParked(Fiber.start(writable));
        first.cancel();
        assertThatThrownBy(first::join).isInstanceOf(CancellationException.class);
        far.write(Bytes.of("x"));
        second.join();
        assertThat(Waiting.isParked(writer)).isTrue();
        assertThat(Bytes.read(near)).isEqualTo("x");
        ByteBuffer room = ByteBuffer.allocate(1_000_000);
        while (far.tryRead(room.clear()) > 0) {
            // Until all is read: only then is there room for certain.
        }
        writer.join();
    }

    @EachStream
    void neitherUnreadInputNorAnEndNobodyAsksForKeepsTheLoopAwake(StreamSetting setting)
            throws Exception {
        setting.run((source, sink) -> {
            var reader = Waiting.untilParked(Fiber.start(() -> Bytes.read(source)));
            sink.write(Bytes.of("read"));
            assertThat(reader.join()).isEqualTo("read");
            sink.write(Bytes.of("unread"));
            Turns.assertRest();
            sink.close();
            Turns.assertRest();
            assertThat(Bytes.read(source)).isEqualTo("unread");
        });
    }

    @EachLoop
    void anEpollSetIsReadableWhenItHasAnEvent(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (Pipe pipe = Pipe.open();
                    Fd set = Fd.adopt(pipe.source().fd().use(ReadinessTest::setOf))) {
                var waiter = Waiting.untilParked(Fiber.start(() -> set.awaitReadable()));
                pipe.sink().write(Bytes.of("x"));
                waiter.join();
                set.awaitReadable();
                assertThat(Bytes.read(pipe.source())).isEqualTo("x");
                assertThatThrownBy(() -> set.awaitReadable(Duration.ofMillis(5)))
                        .isInstanceOf(DeadlineException.class);
            }
        });
    }

    /** A new epoll set, with this number in it. */
    private static int setOf(int number) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Kernel.newErrno(arena);
            int set = SysEpoll.create(errno, SysEpoll.EPOLL_CLOEXEC);
            long event = arena.allocate(SysEpoll.EVENT_SIZE, 8).address();
            SysEpoll.put(event, SysEpoll.EPOLLIN, 0);
            assertThat(SysEpoll.ctl(errno, set, SysEpoll.EPOLL_CTL_ADD, number, event)).isZero();
            return set;
        }
    }
}
