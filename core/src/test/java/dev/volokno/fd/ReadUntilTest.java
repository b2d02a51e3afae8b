package dev.volokno.fd;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.DeadlineException;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.Bytes;
import dev.volokno.support.EachStream;
import dev.volokno.support.StreamSetting;
import dev.volokno.support.TestLibc;
import dev.volokno.support.Waiting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

class ReadUntilTest {
    private static String line(ByteStream source, int room) throws Exception {
        ByteBuffer buffer = ByteBuffer.allocate(room);
        int count = source.readUntil(buffer, '\n');
        return count < 0 ? "end" : Bytes.text(buffer);
    }

    @EachStream
    void aLineMayComeInManyChunksAndManyLinesInOne(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            var reader = Waiting.untilParked(Fiber.start(() -> line(source, 50)));
            for (String chunk : new String[] {"fi", "r", "st", "\nsecond\nthi"}) {
                sink.write(Bytes.of(chunk));
                Fiber.yield();
            }
            assertThat(reader.join()).isEqualTo("first\n");
            assertThat(line(source, 50)).isEqualTo("second\n");
            sink.write(Bytes.of("rd\n"));
            assertThat(line(source, 50)).isEqualTo("third\n");
        });
    }

    @EachStream
    void atTheEndTheUnfinishedLineComesAndThenTheEnd(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            sink.write(Bytes.of("whole\nrest"));
            sink.close();
            assertThat(line(source, 50)).isEqualTo("whole\n");
            assertThat(line(source, 50)).isEqualTo("rest");
            assertThat(line(source, 50)).isEqualTo("end");
            assertThat(line(source, 50)).isEqualTo("end");
        });
    }

    @EachStream
    void aLineThatFitsExactlyIsReadAndOneLongerIsLeft(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            sink.write(Bytes.of("four\nfives\n"));
            assertThat(line(source, 5)).isEqualTo("four\n");
            assertThatThrownBy(() -> line(source, 5)).isInstanceOf(LineTooLongException.class);
            assertThatThrownBy(() -> line(source, 2)).isInstanceOf(LineTooLongException.class);
            assertThat(line(source, 6)).isEqualTo("fives\n");
        });
    }

    @EachStream
    void whoTriesALongLineAgainAndAgainHoldsNobodyUpAndCanBeCancelled(StreamSetting setting)
            throws Exception {
        setting.run((source, sink) -> {
            sink.write(Bytes.of("longer"));
            var tries = new AtomicLong();
            var stubborn =
                    Fiber.start(() -> {
                        while (tries.incrementAndGet() < 100_000) {
                            tryLine(source, 4);
                        }
                    });
            Waiting.until(() -> tries.get() > 2);
            stubborn.cancel();
            assertThatThrownBy(stubborn::join).isInstanceOf(CancellationException.class);
        });
    }

    @EachStream
    void linesThatCannotBeAreRefusedAtOnce(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            assertThatThrownBy(() -> source.lines(UTF_8, 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("0");
            assertThatThrownBy(() -> source.lines(UTF_16, 100))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("UTF-16");
        });
    }

    private static void tryLine(ByteStream source, int room) throws Exception {
        try {
            line(source, room);
        } catch (LineTooLongException tooLong) {
            assertThat(tooLong).hasMessageContaining("no delimiter");
        }
    }

    @EachStream
    void aCancelledWaitConsumesNothing(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            sink.write(Bytes.of("unfin"));
            var reader = Fiber.start(() -> line(source, 50));
            Waiting.until(() -> Waiting.isParked(reader) && nothingThere(source));
            reader.cancel();
            Waiting.until(() -> reader.state() != Future.State.RUNNING);
            sink.write(Bytes.of("ished\n"));
            assertThat(line(source, 50)).isEqualTo("unfinished\n");
        });
    }

    private static boolean nothingThere(ByteStream source) {
        try {
            return source.fd().use(number -> TestLibc.waitingBytes(number)) == 0;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @EachStream
    void aWaitThatIsOutOfTimeConsumesNothing(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            sink.write(Bytes.of("unfin"));
            ByteBuffer buffer = ByteBuffer.allocate(50);
            assertThatThrownBy(() -> source.readUntil(buffer, '\n', Duration.ofMillis(5)))
                    .isInstanceOf(DeadlineException.class);
            assertThat(buffer.position()).isZero();
            sink.write(Bytes.of("ished\n"));
            assertThat(line(source, 50)).isEqualTo("unfinished\n");
        });
    }

    @EachStream
    void whatIsLeftOverIsServedFirstByEveryWayOfReading(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            sink.write(Bytes.of("x\nabcdefgh\nij"));
            assertThat(line(source, 50)).isEqualTo("x\n");
            ByteBuffer one = ByteBuffer.allocate(1);
            source.read(one);
            assertThat(Bytes.text(one)).isEqualTo("a");
            source.readFully(one);
            assertThat(Bytes.text(one)).isEqualTo("b");
            source.tryRead(one);
            assertThat(Bytes.text(one)).isEqualTo("c");
            source.read(new ByteBuffer[] {one});
            assertThat(Bytes.text(one)).isEqualTo("d");
            assertThat(source.inputStream().read()).isEqualTo('e');
            sink.write(Bytes.of("kl"));
            sink.close();
            assertThat(source.lines(UTF_8, 50)).containsExactly("fgh", "ijkl");
        });
    }

    @EachStream
    void aClosedStreamIsSaidToBeClosedWhateverWasLeftOver(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            sink.write(Bytes.of("x\nrest"));
            assertThat(line(source, 50)).isEqualTo("x\n");
            source.close();
            assertThatThrownBy(source::release)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageEndingWith("is closed");
        });
    }

    @EachStream
    void whatIsLeftOverIsReadableAndKeepsTheDescriptorFromBeingGivenAway(StreamSetting setting)
            throws Exception {
        setting.run((source, sink) -> {
            sink.write(Bytes.of("x\nrest"));
            assertThat(line(source, 50)).isEqualTo("x\n");
            assertThatThrownBy(source::release)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("4 bytes");
            assertThat(source.drainBuffered()).asString().isEqualTo("rest");
            assertThat(source.drainBuffered()).isEmpty();
            int number = source.release();
            assertThat(TestLibc.close(number)).isZero();
        });
    }

    @EachStream
    void aDelimiterThatIsNoByteAndABufferWithoutRoomAreRefused(StreamSetting setting)
            throws Exception {
        setting.run((source, sink) -> {
            ByteBuffer buffer = ByteBuffer.allocate(3);
            assertThatThrownBy(() -> source.readUntil(buffer, -1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("-1");
            assertThatThrownBy(() -> source.readUntil(buffer, 256))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> source.readUntil(ByteBuffer.allocate(0), 1))
                    .isInstanceOf(IllegalArgumentException.class);
            sink.write(ByteBuffer.wrap(new byte[] {1, (byte) 0xff}));
            assertThat(source.readUntil(buffer, 0xff)).isEqualTo(2);
        });
    }
}
