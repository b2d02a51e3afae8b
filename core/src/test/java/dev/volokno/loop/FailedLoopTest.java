package dev.volokno.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.backend.Backend;
import dev.volokno.backend.FailingBackend;
import dev.volokno.fd.ByteStream;
import dev.volokno.fd.Fd;
import dev.volokno.fd.Pipe;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.TestLibc;
import dev.volokno.support.Waiting;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Loops whose own machinery fails: they end, and nobody is left waiting. */
class FailedLoopTest {
    private final List<FailingBackend> backends = new ArrayList<>();

    private LoopOptions failing(Configuration configuration) {
        return LateLoops.decorated(configuration.options(), this::failing);
    }

    private Backend failing(Backend plain) {
        var backend = new FailingBackend(plain);
        backends.add(backend);
        return backend;
    }

    @ParameterizedTest
    @EnumSource(names = {"IO_URING", "EPOLL"})
    void whoeverRunsItGetsTheFailure(Configuration configuration) {
        assertThatThrownBy(() ->
                        Loop.run(
                                failing(configuration),
                                () -> {
                                    Pipe pipe = Pipe.open();
                                    Waiting.untilParked(
                                            Fiber.start(() -> Bytes.read(pipe.source())));
                                    backends.getFirst().failNext();
                                    Bytes.read(pipe.source());
                                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the machinery's own");
    }

    @ParameterizedTest
    @EnumSource(names = {"IO_URING", "EPOLL"})
    void aThreadIsSentAwayAndStoppingReturns(Configuration configuration) throws Exception {
        Loop loop = Loop.start(failing(configuration));
        int[] ends = TestLibc.socketpair();
        ByteStream stream = loop.submit(() -> ByteStream.over(Fd.adopt(ends[0]))).join();
        var waiting =
                new FutureTask<>(() ->
                        assertThatThrownBy(() -> Bytes.read(stream))
                                .isInstanceOf(ClosedChannelException.class));
        Waiting.untilParked(Thread.ofPlatform().start(waiting));
        backends.getFirst().failNext();
        // Somebody has to wake it.
        loop.engine().backend().wakeUp();
        waiting.get();
        loop.close();
        assertThat(stream.isOpen()).isFalse();
        assertThat(TestLibc.close(ends[1])).isZero();
    }
}
