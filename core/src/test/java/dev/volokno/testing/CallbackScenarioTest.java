package dev.volokno.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.fd.Pipe;
import dev.volokno.fiber.Channel;
import dev.volokno.fiber.Fiber;
import dev.volokno.loop.Conditions;
import dev.volokno.loop.Loop;
import dev.volokno.loop.TimerCallback;
import dev.volokno.support.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Callbacks beside fibers that are cancelled at every wait, and whose operations all fail. */
class CallbackScenarioTest {
    private static final int MESSAGES = 3;

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring"})
    void aRelayOfCallbacksEndsWhateverIsCancelledOrFails(String backend) throws Exception {
        TestLoop loop = TestLoop.create().withBackend(backend);
        assertThat(loop.cancelEverywhere(CallbackScenarioTest::relay)).isGreaterThan(MESSAGES);
        assertThat(loop.failEverywhere(CallbackScenarioTest::relay, "EIO")).isGreaterThan(MESSAGES);
    }

    /** A timer writes, a watch reads, and a fiber takes what it has read. */
    private static void relay() throws Exception {
        Loop loop = Loop.current();
        try (Pipe pipe = Pipe.open()) {
            var read = Channel.<String>bounded(MESSAGES);
            var left = new int[] {MESSAGES};
            loop.after(
                    Duration.ofHours(1),
                    () -> {
                        if (!pipe.sink().isOpen() || left[0]-- == 0) {
                            return TimerCallback.END;
                        }
                        pipe.sink().tryWrite(Bytes.of("x"));
                        return Duration.ofHours(1);
                    });
            loop.watch(
                    pipe.source().fd(),
                    Conditions.READABLE,
                    _ -> {
                        readInto(read, pipe);
                        return Conditions.READABLE;
                    });
            Fiber<Void> taker =
                    Fiber.start(() -> {
                        for (int i = 0; i < MESSAGES; i++) {
                            assertThat(read.receive()).isEqualTo("x");
                        }
                    });
            taker.join();
        }
    }

    private static void readInto(Channel<String> target, Pipe pipe) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1);
        if (pipe.source().tryRead(buffer) > 0) {
            target.trySend(Bytes.text(buffer));
        }
    }
}
