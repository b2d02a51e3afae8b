package dev.volokno.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.fd.BorrowedFd;
import dev.volokno.fd.EventFd;
import dev.volokno.fd.Fd;
import dev.volokno.fd.Pipe;
import dev.volokno.fiber.Channel;
import dev.volokno.fiber.Fiber;
import dev.volokno.net.UnixSocket;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.EachLoop;
import dev.volokno.support.TestLibc;
import dev.volokno.support.Waiting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a watch tells, and what its callback's answer brings about. */
class WatchTest {
    private static final int BIG = 1_000_000;

    @EachLoop
    void aCallbackIsCalledAsOftenAsItAsksAndBytesCome(Configuration configuration)
            throws Exception {
        var read = new StringBuilder();
        configuration.run(() -> {
            try (Pipe pipe = Pipe.open()) {
                var told = Channel.<String>bounded(9);
                Registration watch =
                        Loop.current()
                                .watch(
                                        pipe.source().fd(),
                                        Conditions.READABLE,
                                        ready -> {
                                            assertThat(ready).isSameAs(Conditions.READABLE);
                                            told.trySend(readNow(pipe));
                                            return Conditions.READABLE;
                                        });
                for (String word : List.of("one", "two", "three")) {
                    pipe.sink().write(Bytes.of(word));
                    read.append(told.receive());
                }
                assertThat(watch.isActive()).isTrue();
                watch.close();
                assertThat(watch.isActive()).isFalse();
            }
        });
        assertThat(read.toString()).isEqualTo("onetwothree");
    }

    private static String readNow(Pipe pipe) throws Exception {
        ByteBuffer buffer = ByteBuffer.allocate(100);
        assertThat(pipe.source().tryRead(buffer)).isPositive();
        return Bytes.text(buffer);
    }

    @EachLoop
    void bytesThatAreLeftAreToldAgain(Configuration configuration) throws Exception {
        var read = new StringBuilder();
        configuration.run(() -> {
            Pipe pipe = Pipe.open();
            pipe.sink().write(Bytes.of("abc"));
            pipe.sink().close();
            ByteBuffer one = ByteBuffer.allocate(1);
            Loop.current()
                    .watch(
                            pipe.source().fd(),
                            Conditions.READABLE,
                            _ -> {
                                if (pipe.source().tryRead(one.clear()) < 0) {
                                    pipe.close();
                                    return Conditions.NONE;
                                }
                                read.append((char) one.get(0));
                                return Conditions.READABLE;
                            });
        });
        assertThat(read.toString()).isEqualTo("abc");
    }

    @EachLoop
    void bytesThatAStreamHasLeftOverCountAsReadable(Configuration configuration) throws Exception {
        List<String> lines = new ArrayList<>();
        configuration.run(() -> {
            Pipe pipe = Pipe.open();
            pipe.sink().write(Bytes.of("one\ntwo"));
            ByteBuffer line = ByteBuffer.allocate(100);
            pipe.source().readUntil(line, '\n');
            lines.add(Bytes.text(line));
            Loop.current()
                    .watch(
                            pipe.source().fd(),
                            Conditions.READABLE,
                            _ -> {
                                lines.add(readNow(pipe));
                                pipe.close();
                                return Conditions.NONE;
                            });
        });
        assertThat(lines).containsExactly("one\n", "two");
    }

    @EachLoop
    void theAnswerChangesWhatIsWatchedFor(Configuration configuration) throws Exception {
        List<String> told = new ArrayList<>();
        configuration.run(() -> {
            var pair = UnixSocket.pair();
            UnixSocket ours = pair.first();
            UnixSocket theirs = pair.second();
            var first = Channel.<Boolean>bounded(9);
            Loop.current()
                    .watch(
                            ours.fd(),
                            Conditions.WRITABLE.and(Conditions.READABLE),
                            ready -> {
                                told.add(ready.toString());
                                first.trySend(true);
                                if (ready.readable()) {
                                    ours.close();
                                    theirs.close();
                                    return Conditions.NONE;
                                }
                                return ready.without(Conditions.WRITABLE).and(Conditions.READABLE);
                            });
            first.receive();
            theirs.write(Bytes.of("x"));
        });
        assertThat(told).containsExactly("WRITABLE", "READABLE");
    }

    @EachLoop
    void aSocketThatIsFullIsToldWhenThereIsRoom(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var pair = UnixSocket.pair();
            UnixSocket ours = pair.first();
            ByteBuffer much = ByteBuffer.allocate(BIG);
            var calls = new int[1];
            Loop.current()
                    .watch(
                            ours.fd(),
                            Conditions.WRITABLE,
                            _ -> {
                                calls[0]++;
                                ours.tryWrite(much);
                                if (much.hasRemaining()) {
                                    return Conditions.WRITABLE;
                                }
                                ours.close();
                                return Conditions.NONE;
                            });
            ByteBuffer all = ByteBuffer.allocate(BIG);
            pair.second().readFully(all);
            assertThat(Bytes.read(pair.second())).isEqualTo("end");
            pair.second().close();
            assertThat(calls[0]).isGreaterThan(1);
        });
    }

    @EachLoop
    void aHangUpIsToldWithoutBeingAskedFor(Configuration configuration) throws Exception {
        configuration.run(() -> {
            Pipe pipe = Pipe.open();
            Bytes.fill(pipe.sink());
            var told = Channel.<Conditions>bounded(1);
            Loop.current()
                    .watch(
                            pipe.sink().fd(),
                            Conditions.WRITABLE,
                            ready -> {
                                told.trySend(ready);
                                return Conditions.NONE;
                            });
            pipe.source().close();
            assertThat(told.receive().error()).isTrue();
            pipe.sink().close();
        });
    }

    @EachLoop
    void aPeerThatEndsItsOutputIsTold(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var pair = UnixSocket.pair();
            var told = Channel.<Conditions>bounded(1);
            Loop.current()
                    .watch(
                            pair.first().fd(),
                            Conditions.PEER_CLOSED,
                            ready -> {
                                told.trySend(ready);
                                return Conditions.NONE;
                            });
            pair.second().write(Bytes.of("last words"));
            pair.second().close();
            assertThat(told.receive().include(Conditions.PEER_CLOSED)).isTrue();
            assertThat(Bytes.read(pair.first())).isEqualTo("last words");
            pair.first().close();
        });
    }

    @EachConfiguration
    void aBorrowedDescriptorIsWatchedAndMayBecomeAnotherFile(Configuration configuration)
            throws Exception {
        int[] first = TestLibc.socketpair();
        int[] second = TestLibc.socketpair();
        List<Integer> told = new ArrayList<>();
        configuration.run(() -> {
            BorrowedFd borrowed = Fd.borrow(first[0]);
            var done = Channel.<Boolean>bounded(9);
            Loop.current()
                    .watch(
                            borrowed,
                            Conditions.READABLE,
                            _ -> {
                                told.add(TestLibc.readByte(first[0]));
                                // The owner puts another file in its place, inside the call.
                                TestLibc.close(first[0]);
                                TestLibc.duplicate(second[0], first[0]);
                                done.trySend(true);
                                return Conditions.READABLE;
                            });
            TestLibc.writeByte(first[1]);
            done.receive();
            TestLibc.writeByte(second[1]);
            done.receive();
            borrowed.close();
        });
        assertThat(told).containsExactly(1, 1);
        for (int number : List.of(first[0], first[1], second[0], second[1])) {
            TestLibc.close(number);
        }
    }

    @EachConfiguration
    void aBorrowedNumberThatIsNotOpenIsAFailure(Configuration configuration) {
        assertThatThrownBy(() ->
                        configuration.run(() -> {
                            try (var borrowed = Fd.borrow(Integer.MAX_VALUE)) {
                                Loop.current()
                                        .watch(
                                                borrowed,
                                                Conditions.READABLE,
                                                _ -> Conditions.READABLE);
                                Fiber.sleep(Duration.ofDays(1));
                            }
                        }))
                .hasMessageContaining("EBADF");
    }

    @EachLoop
    void twoWatchesOfOneDescriptorDoNotDisturbEachOther(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (var event = EventFd.open()) {
                var told = Channel.<String>bounded(9);
                Loop loop = Loop.current();
                var reading =
                        loop.watch(
                                event.fd(),
                                Conditions.READABLE,
                                _ -> {
                                    told.trySend("readable");
                                    return Conditions.NONE;
                                });
                var writing =
                        loop.watch(
                                event.fd(),
                                Conditions.WRITABLE,
                                _ -> {
                                    told.trySend("writable");
                                    return Conditions.NONE;
                                });
                assertThat(told.receive()).isEqualTo("writable");
                Waiting.until(() -> !writing.isActive());
                assertThat(reading.isActive()).isTrue();
                event.add(1);
                assertThat(told.receive()).isEqualTo("readable");
            }
        });
    }

    @EachConfiguration
    void watchesAreStartedByOtherThreadsToo(Configuration configuration) throws Exception {
        configuration.run(() -> {
            Loop loop = Loop.current();
            try (Pipe pipe = Pipe.open()) {
                var told = Channel.<String>bounded(1);
                var thread =
                        Thread.ofPlatform()
                                .start(() -> {
                                    try {
                                        loop.watch(
                                                pipe.source().fd(),
                                                Conditions.READABLE,
                                                _ -> {
                                                    told.trySend(readNow(pipe));
                                                    return Conditions.NONE;
                                                });
                                    } catch (IOException e) {
                                        throw new AssertionError(e);
                                    }
                                });
                pipe.sink().write(Bytes.of("x"));
                assertThat(told.receive()).isEqualTo("x");
                Waiting.until(() -> !thread.isAlive());
            }
        });
    }

    @EachLoop
    void whatCannotBeWatchedIsRefused(Configuration configuration) throws Exception {
        configuration.run(() -> {
            Loop loop = Loop.current();
            Pipe pipe = Pipe.open();
            Fd fd = pipe.source().fd();
            assertThatThrownBy(() -> loop.watch(fd, Conditions.NONE, _ -> Conditions.NONE))
                    .isInstanceOf(IllegalArgumentException.class);
            pipe.close();
            assertThatThrownBy(() -> loop.watch(fd, Conditions.READABLE, _ -> Conditions.NONE))
                    .isInstanceOf(ClosedChannelException.class);
        });
    }

    @EachConfiguration
    void aDescriptorOfAnotherLoopIsRefused(Configuration configuration) throws Exception {
        try (Loop other = Loop.start(configuration.options())) {
            Pipe pipe = other.submit(() -> Pipe.open()).join();
            configuration.run(() ->
                    assertThatThrownBy(() ->
                                    Loop.current()
                                            .watch(
                                                    pipe.source().fd(),
                                                    Conditions.READABLE,
                                                    _ -> Conditions.NONE))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("belongs to another loop"));
            pipe.close();
        }
    }
}
