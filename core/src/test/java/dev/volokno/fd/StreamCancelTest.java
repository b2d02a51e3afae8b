package dev.volokno.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.volokno.CancelledException;
import dev.volokno.DeadlineException;
import dev.volokno.fiber.Deadline;
import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Scope;
import dev.volokno.support.Bytes;
import dev.volokno.support.EachStream;
import dev.volokno.support.StreamSetting;
import dev.volokno.support.Waiting;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CancellationException;

class StreamCancelTest {
    private static final int MUCH = 3_000_000;

    @EachStream
    void aCancelledReadMovesNothingAndTheStreamGoesOn(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            var reader = Waiting.untilParked(Fiber.start(() -> Bytes.read(source)));
            reader.cancel();
            assertThatThrownBy(reader::join)
                    .isInstanceOf(CancellationException.class)
                    .hasCauseInstanceOf(CancelledException.class);
            sink.write(Bytes.of("kept"));
            assertThat(Bytes.read(source)).isEqualTo("kept");
        });
    }

    @EachStream
    void anInterruptCancelsAParkedReader(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            var reader = Waiting.untilParked(Fiber.start(() -> Bytes.read(source)));
            reader.thread().interrupt();
            assertThatThrownBy(reader::join).isInstanceOf(CancellationException.class);
            sink.write(Bytes.of("kept"));
            assertThat(Bytes.read(source)).isEqualTo("kept");
        });
    }

    @EachStream
    void anInterruptedFiberIsCancelledAlsoIfItsReadsNeverWait(StreamSetting setting)
            throws Exception {
        setting.run((source, sink) -> {
            sink.write(ByteBuffer.allocate(4000));
            var reader =
                    Fiber.start(() -> {
                        Thread.currentThread().interrupt();
                        source.read(ByteBuffer.allocate(1));
                    });
            assertThatThrownBy(reader::join).isInstanceOf(CancellationException.class);
        });
    }

    @EachStream
    void aCancelledFiberIsToldAgainAtEveryCall(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            var reader =
                    Fiber.start(() -> {
                        for (int i = 0; i < 3; i++) {
                            assertThatThrownBy(() -> Bytes.read(source))
                                    .isInstanceOf(CancelledException.class);
                        }
                        assertThatThrownBy(() -> sink.write(Bytes.of("x")))
                                .isInstanceOf(CancelledException.class);
                        return "done";
                    });
            Waiting.untilParked(reader).cancel();
            assertThat(reader.join()).isEqualTo("done");
            assertThat(source.tryRead(ByteBuffer.allocate(1))).isZero();
        });
    }

    @EachStream
    void aCancelledWriteTellsHowFarItGot(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            ByteBuffer buffer = ByteBuffer.allocateDirect(MUCH).put(Bytes.pattern(MUCH)).flip();
            var writer =
                    Fiber.start(() ->
                            catchThrowableOfType(
                                    CancelledException.class, () -> sink.write(buffer)));
            source.fd().awaitReadable();
            Waiting.untilParked(writer).cancel();
            long transferred = writer.join().transferred();
            assertThat(transferred).isEqualTo(buffer.position()).isLessThan(MUCH);
            assertArrivesWhole(source, sink, buffer);
        });
    }

    @EachStream
    void aWriteCancelledInsideADeadlineTellsHowFarItGot(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            ByteBuffer buffer = ByteBuffer.wrap(Bytes.pattern(MUCH));
            var writer =
                    Fiber.start(() ->
                            catchThrowableOfType(
                                    CancelledException.class,
                                    () -> sink.write(buffer, Duration.ofHours(1))));
            source.fd().awaitReadable();
            Waiting.untilParked(writer).cancel();
            assertThat(writer.join().transferred()).isEqualTo(buffer.position()).isPositive();
        });
    }

    /** The rest is written now; everything comes out once and in order. */
    private static void assertArrivesWhole(ByteStream source, ByteStream sink, ByteBuffer rest)
            throws Exception {
        var writer = Fiber.start(() -> sink.write(rest));
        ByteBuffer received = ByteBuffer.allocate(MUCH);
        source.readFully(received);
        writer.join();
        assertThat(received.array()).isEqualTo(Bytes.pattern(MUCH));
        assertThat(source.tryRead(ByteBuffer.allocate(1))).isZero();
    }

    @EachStream
    void aCancelledReadFullyTellsWhatItHasRead(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            ByteBuffer target = ByteBuffer.allocate(10);
            sink.write(Bytes.of("abc"));
            var reader =
                    Fiber.start(() ->
                            catchThrowableOfType(
                                    CancelledException.class, () -> source.readFully(target)));
            Waiting.until(() -> target.position() == 3);
            Waiting.untilParked(reader).cancel();
            assertThat(reader.join().transferred()).isEqualTo(3);
            assertThat(Bytes.text(target)).isEqualTo("abc");
        });
    }

    @EachStream
    void aFiberThatOnlyReadsWhatIsThereCanBeCancelledAndLosesNoByte(StreamSetting setting)
            throws Exception {
        int there = 4096;
        setting.run((source, sink) -> {
            sink.write(ByteBuffer.wrap(new byte[there]));
            source.fd().awaitReadable();
            ByteBuffer one = ByteBuffer.allocateDirect(there);
            var reader =
                    Fiber.start(() -> {
                        for (int i = 1; i <= there; i++) {
                            source.read(one.limit(i));
                        }
                        source.read(ByteBuffer.allocate(1));
                    });
            Fiber.yield();
            reader.cancel();
            assertThatThrownBy(reader::join).isInstanceOf(CancellationException.class);
            ByteBuffer rest = ByteBuffer.allocate(there);
            while (source.tryRead(rest) > 0) {
                Fiber.checkpoint();
            }
            assertThat(one.position() + rest.position()).isEqualTo(there);
        });
    }

    @EachStream
    void aCancelledScopeEndsItsReadersAndItsWriters(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            Bytes.fill(sink);
            assertThatThrownBy(() ->
                            Scope.run(scope -> {
                                var writer =
                                        scope.fork(() -> {
                                            sink.write(ByteBuffer.allocate(MUCH));
                                        });
                                Waiting.untilParked(writer);
                                throw new IllegalStateException("the reason");
                            }))
                    .hasMessage("the reason");
            assertThat(source.read(ByteBuffer.allocate(10))).isEqualTo(10);
        });
    }

    @EachStream
    void aReadInAShortDeadlineDoesNotEndTheNextOne(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            assertThatThrownBy(() -> source.read(ByteBuffer.allocate(1), Duration.ofMillis(2)))
                    .isInstanceOf(DeadlineException.class);
            sink.write(Bytes.of("kept"));
            String read = Deadline.within(Duration.ofHours(1), () -> Bytes.read(source));
            assertThat(read).isEqualTo("kept");
        });
    }
}
