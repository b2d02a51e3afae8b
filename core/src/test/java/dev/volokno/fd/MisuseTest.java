package dev.volokno.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.SystemCallException;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.TestLibc;
import dev.volokno.support.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/** Uses that nobody should make, and that harm nobody else. */
class MisuseTest {
    private static final int O_PATH = 0x20_0000;

    @EachConfiguration
    void aBufferMovedDuringAReadHarmsThatReadAlone(Configuration configuration) throws Exception {
        configuration.run(() -> {
            for (int position : new int[] {60, 100}) {
                try (Pipe pipe = Pipe.open()) {
                    var buffer = ByteBuffer.allocate(100);
                    var reader =
                            Fiber.start(() -> whateverComesOf(() -> pipe.source().read(buffer)));
                    Waiting.untilParked(reader);
                    buffer.position(position);
                    pipe.sink().write(Bytes.of("ten bytes."));
                    assertThat(reader.join()).isEqualTo("over");
                    pipe.sink().write(Bytes.of("next"));
                    assertThat(Bytes.read(pipe.source())).endsWith("next");
                }
            }
        });
    }

    @EachConfiguration
    void aBufferMovedDuringAWriteHarmsThatWriteAlone(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (Pipe pipe = Pipe.open()) {
                Bytes.fill(pipe.sink());
                var buffer = ByteBuffer.allocate(100);
                var writer = Fiber.start(() -> whateverComesOf(() -> pipe.sink().write(buffer)));
                Waiting.untilParked(writer);
                buffer.position(60);
                while (writer.state() == Future.State.RUNNING) {
                    Bytes.read(pipe.source());
                    Fiber.yield();
                }
                assertThat(writer.join()).isEqualTo("over");
                pipe.sink().close();
                pipe.source().inputStream().readAllBytes();
            }
        });
    }

    private interface Call {
        int make() throws IOException;
    }

    private static String whateverComesOf(Call call) throws IOException {
        try {
            call.make();
            return "over";
        } catch (IllegalArgumentException | IndexOutOfBoundsException itsOwnFault) {
            return "over";
        }
    }

    @EachConfiguration
    void closingInsideUseTakesEffectAfterIt(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (Pipe ofFiber = Pipe.open();
                    Pipe ofThread = Pipe.open()) {
                assertThat(closeInsideUse(ofFiber.sink())).isTrue();
                assertThat(Bytes.read(ofFiber.source())).isEqualTo("end");
                var closing = task(() -> closeInsideUse(ofThread.sink()));
                Thread.ofPlatform().start(closing);
                assertThat(Bytes.read(ofThread.source())).isEqualTo("end");
                assertThat(closing.get()).isTrue();
            }
        });
    }

    /** Whether the number was open, as long as it was in use. */
    private static boolean closeInsideUse(ByteStream stream) throws IOException {
        return stream.fd()
                .use(number -> {
                    closeUnchecked(stream);
                    assertThat(stream.isOpen()).isFalse();
                    return TestLibc.close(TestLibc.duplicate(number, 3)) == 0;
                });
    }

    private static void closeUnchecked(ByteStream stream) {
        try {
            stream.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> FutureTask<T> task(Callable<T> body) {
        return new FutureTask<>(body);
    }

    @EachConfiguration
    void aNumberThatCannotBeAdoptedStaysWithItsOwner(Configuration configuration) throws Exception {
        int number = TestLibc.open("/tmp", O_PATH);
        configuration.run(() -> {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> Fd.adopt(number)).isInstanceOf(SystemCallException.class);
            }
        });
        assertThat(TestLibc.close(number)).isZero();
    }

    @EachConfiguration
    void aThreadThatWasInterruptedIsSoAfterClosing(Configuration configuration) throws Exception {
        configuration.run(() -> {
            Pipe pipe = Pipe.open();
            var closing =
                    task(() -> {
                        Thread.currentThread().interrupt();
                        pipe.close();
                        return Thread.interrupted();
                    });
            Thread.ofPlatform().start(closing);
            assertThat(closing.get()).isTrue();
            assertThat(pipe.source().isOpen()).isFalse();
        });
    }

    @EachConfiguration
    void aVirtualThreadThatClosesWaitsForTheUsers(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (Pipe pipe = Pipe.open()) {
                var gate = new CompletableFuture<Integer>();
                var user = Fiber.start(() -> pipe.source().fd().use(number -> gate.join()));
                Waiting.awaitParked(user);
                var closing =
                        task(() -> {
                            pipe.source().close();
                            return pipe.sink().tryWrite(Bytes.of("x"));
                        });
                Waiting.untilParked(Thread.startVirtualThread(closing));
                gate.complete(1);
                user.join();
                // There was no reader any more when it went on.
                assertThatThrownBy(closing::get).rootCause().hasMessageContaining("EPIPE");
            }
        });
    }

    @EachConfiguration
    void bytesLeftOverCountAsReadableAndAreNotReleased(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (Pipe pipe = Pipe.open()) {
                pipe.sink().write(Bytes.of("a\nb"));
                pipe.source().readUntil(ByteBuffer.allocate(10), '\n');
                pipe.source().fd().awaitReadable();
                assertThatThrownBy(() -> pipe.source().fd().release())
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("left over");
                assertThat(Bytes.read(pipe.source())).isEqualTo("b");
            }
        });
    }
}
