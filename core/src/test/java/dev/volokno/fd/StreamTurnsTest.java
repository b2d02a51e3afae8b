package dev.volokno.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.DeadlineException;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.Bytes;
import dev.volokno.support.EachStream;
import dev.volokno.support.StreamSetting;
import dev.volokno.support.Waiting;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Future;

class StreamTurnsTest {
    private static Fiber<Void> readTwo(ByteStream source, String name, List<String> log) {
        return Waiting.untilParked(
                Fiber.start(() -> {
                    ByteBuffer two = ByteBuffer.allocate(2);
                    source.readFully(two);
                    log.add(name + Bytes.text(two));
                }));
    }

    @EachStream
    void readersTakeTurnsInTheOrderTheyCame(StreamSetting setting) throws Exception {
        List<String> log = Collections.synchronizedList(new ArrayList<>());
        setting.run((source, sink) -> {
            for (String name : List.of("1", "2", "3")) {
                readTwo(source, name, log);
            }
            for (String part : List.of("a", "bc", "d", "ef")) {
                sink.write(Bytes.of(part));
                Fiber.yield();
            }
        });
        assertThat(log).containsExactlyInAnyOrder("1ab", "2cd", "3ef");
    }

    @EachStream
    void whoIsCancelledWhileHeWaitsForHisTurnLeavesTheQueue(StreamSetting setting)
            throws Exception {
        List<String> log = Collections.synchronizedList(new ArrayList<>());
        setting.run((source, sink) -> {
            readTwo(source, "1", log);
            var second = readTwo(source, "2", log);
            readTwo(source, "3", log);
            second.cancel();
            Waiting.until(() -> second.state() != Future.State.RUNNING);
            sink.write(Bytes.of("abcd"));
        });
        assertThat(log).containsExactlyInAnyOrder("1ab", "3cd");
    }

    @EachStream
    void theTurnGoesOnWhenTheOneWhoHasItIsCancelled(StreamSetting setting) throws Exception {
        List<String> log = Collections.synchronizedList(new ArrayList<>());
        setting.run((source, sink) -> {
            var first = readTwo(source, "1", log);
            readTwo(source, "2", log);
            first.cancel();
            Waiting.until(() -> first.state() != Future.State.RUNNING);
            sink.write(Bytes.of("ab"));
        });
        assertThat(log).containsExactly("2ab");
    }

    @EachStream
    void aDeadlineCountsWhileOneWaitsForHisTurn(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            var first = Waiting.untilParked(Fiber.start(() -> Bytes.read(source)));
            assertThatThrownBy(() -> source.read(ByteBuffer.allocate(1), Duration.ofMillis(2)))
                    .isInstanceOf(DeadlineException.class);
            sink.write(Bytes.of("first's"));
            assertThat(first.join()).isEqualTo("first's");
        });
    }

    @EachStream
    void manyWritersAtOnceTearNoWriteApart(StreamSetting setting) throws Exception {
        int writers = 20;
        int length = 20_000;
        setting.run((source, sink) -> {
            for (int i = 0; i < writers; i++) {
                byte mark = (byte) i;
                Fiber.start(() -> {
                    var bytes = new byte[length];
                    Arrays.fill(bytes, mark);
                    sink.write(ByteBuffer.wrap(bytes));
                });
            }
            var seen = new ArrayList<Byte>();
            for (int i = 0; i < writers; i++) {
                ByteBuffer one = ByteBuffer.allocate(length);
                source.readFully(one);
                byte mark = one.get(0);
                assertThat(one.array()).containsOnly(mark);
                seen.add(mark);
            }
            assertThat(seen).doesNotHaveDuplicates();
        });
    }
}
