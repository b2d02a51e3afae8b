package dev.volokno.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.fiber.Fiber;
import dev.volokno.support.Bytes;
import dev.volokno.support.EachStream;
import dev.volokno.support.StreamSetting;
import dev.volokno.support.TestLibc;
import dev.volokno.support.Waiting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

class StreamCloseTest {
    private static final int MUCH = 3_000_000;

    @EachStream
    void whoeverReadsOrWaitsForHisTurnToReadIsToldOfTheClose(StreamSetting setting)
            throws Exception {
        setting.run((source, sink) -> {
            var first = endedByClose(() -> Bytes.read(source));
            var second = endedByClose(() -> source.readFully(ByteBuffer.allocate(9)));
            var third = endedByClose(() -> source.readUntil(ByteBuffer.allocate(9), '\n'));
            source.close();
            first.join();
            second.join();
            third.join();
        });
    }

    @EachStream
    void whoeverWritesOrWaitsForHisTurnToWriteIsToldOfTheClose(StreamSetting setting)
            throws Exception {
        setting.run((source, sink) -> {
            Bytes.fill(sink);
            var first = endedByClose(() -> sink.write(ByteBuffer.allocateDirect(MUCH)));
            var second = endedByClose(() -> sink.writeSome(Bytes.of("x")));
            sink.close();
            first.join();
            second.join();
        });
    }

    private static Fiber<Void> endedByClose(ThrowingCallable call) {
        return Waiting.untilParked(
                Fiber.start(() -> {
                    assertThatThrownBy(call).isInstanceOf(AsynchronousCloseException.class);
                    assertThatThrownBy(call)
                            .isInstanceOf(ClosedChannelException.class)
                            .isNotInstanceOf(AsynchronousCloseException.class);
                }));
    }

    @EachStream
    void afterTheCloseEveryCallIsRefused(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            source.close();
            ByteBuffer some = ByteBuffer.allocate(5);
            for (ThrowingCallable call :
                    new ThrowingCallable[] {
                        () -> source.read(some),
                        () -> source.tryRead(some),
                        () -> source.readFully(some),
                        () -> source.readUntil(some, 0),
                        () -> source.write(some),
                        () -> source.tryWrite(some),
                        () -> source.fd().awaitReadable(),
                        () -> source.fd().use(number -> number),
                        () -> source.fd().pollable(),
                    }) {
                assertThatThrownBy(call).isInstanceOf(ClosedChannelException.class);
            }
            assertThat(source.isOpen()).isFalse();
            assertThatThrownBy(source::release).isInstanceOf(IllegalStateException.class);
        });
    }

    @EachStream
    void theNumberIsFreeWhenCloseReturns(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            int number = source.fd().use(n -> n);
            Path entry = Path.of("/proc/self/fd/" + number);
            String before = Files.readSymbolicLink(entry).toString();
            var reader = endedByClose(() -> Bytes.read(source));
            source.close();
            boolean still =
                    Files.exists(entry, LinkOption.NOFOLLOW_LINKS)
                            && Files.readSymbolicLink(entry).toString().equals(before);
            assertThat(still).isFalse();
            reader.join();
        });
    }

    @EachStream
    void closingTwiceClosesOnce(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            int number = source.fd().use(n -> n);
            source.close();
            int reused = sink.fd().use(other -> TestLibc.duplicate(other, number));
            source.close();
            try {
                assertThat(reused).isEqualTo(number);
                assertThat(TestLibc.fcntl(reused, 1, 0)).isNotNegative();
            } finally {
                TestLibc.close(reused);
            }
        });
    }

    @EachStream
    void aCloseWaitsForWhoeverUsesTheNumber(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            var closers = new Fiber<?>[1];
            boolean openMeanwhile =
                    source.fd()
                            .use(number -> {
                                closers[0] = Waiting.untilParked(Fiber.start(() -> source.close()));
                                return TestLibc.fcntl(number, 1, 0) >= 0;
                            });
            assertThat(openMeanwhile).isTrue();
            closers[0].join();
        });
    }

    @EachStream
    void aCancelledFiberCanClose(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            var closer =
                    Fiber.start(() -> {
                        Fiber.current().cancel();
                        source.close();
                        return source.isOpen();
                    });
            assertThat(closer.join()).isFalse();
            assertThatThrownBy(() -> writeOn(sink)).isInstanceOf(IOException.class);
        });
    }

    private static void writeOn(ByteStream sink) throws IOException {
        while (true) {
            sink.write(ByteBuffer.allocate(1000));
        }
    }

    @EachStream
    void whatWasWrittenBeforeTheCloseIsStillRead(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            byte[] sent = Bytes.pattern(MUCH);
            Fiber.start(() -> {
                sink.write(ByteBuffer.wrap(sent));
                sink.close();
            });
            assertThat(source.inputStream().readAllBytes()).isEqualTo(sent);
        });
    }

    @EachStream
    void aReadThatWaitsAndAWriteThatWaitsBothSeeTheCloseOfOneDescriptor(StreamSetting setting)
            throws Exception {
        if (!setting.kind().duplex()) {
            return;
        }
        setting.run((source, sink) -> {
            Bytes.fill(sink);
            var reader = endedByClose(() -> Bytes.read(sink));
            var writer = endedByClose(() -> sink.write(ByteBuffer.allocate(MUCH)));
            var ready = endedByClose(() -> sink.fd().awaitReadable());
            sink.close();
            reader.join();
            writer.join();
            ready.join();
        });
    }
}
