package dev.volokno.fd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.SystemCallException;
import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Scope;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.Waiting;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Closes that meet an event of the same descriptor on its way. */
class CrossingCloseTest {
    private static final int MANY = 30;
    private static final int ROUNDS = 300;

    @EachConfiguration
    void whoIsServedFirstClosesWhatIsReadyForTheOthers(Configuration configuration)
            throws Exception {
        List<String> outcomes = Collections.synchronizedList(new ArrayList<>());
        configuration.run(() -> {
            List<Pipe> pipes = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                pipes.add(Pipe.open());
            }
            Scope.run(scope -> {
                for (Pipe pipe : pipes) {
                    Waiting.untilParked(
                            scope.fork(() -> {
                                outcomes.add(readOrClosed(pipe));
                                closeSources(pipes);
                            }));
                }
                for (Pipe pipe : pipes) {
                    writeUnlessClosed(pipe);
                }
                return true;
            });
            for (Pipe pipe : pipes) {
                assertThat(pipe.source().isOpen()).isFalse();
                pipe.close();
            }
        });
        assertThat(outcomes).hasSize(MANY).contains("data").isSubsetOf("data", "closed");
    }

    private static void writeUnlessClosed(Pipe pipe) throws IOException {
        try {
            pipe.sink().tryWrite(Bytes.of("data"));
        } catch (SystemCallException e) {
            // Where fibers run beside each other, the first may have closed it.
            assertThat(e.errno()).isEqualTo("EPIPE");
        }
    }

    private static void closeSources(List<Pipe> pipes) throws IOException {
        for (Pipe pipe : pipes) {
            pipe.source().close();
        }
    }

    @EachConfiguration
    void whoIsParkedGetsTheBytesOrTheCloseWhicheverCameFirst(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            for (int round = 0; round < ROUNDS; round++) {
                try (Pipe pipe = Pipe.open()) {
                    var reader = Waiting.untilParked(Fiber.start(() -> readOrClosed(pipe)));
                    pipe.sink().tryWrite(Bytes.of("data"));
                    for (int i = round % 3; i > 0; i--) {
                        Fiber.yield();
                    }
                    pipe.source().close();
                    assertThat(reader.join()).isIn("data", "closed");
                }
            }
        });
    }

    private static String readOrClosed(Pipe pipe) throws IOException {
        try {
            return Bytes.read(pipe.source());
        } catch (ClosedChannelException e) {
            return "closed";
        }
    }
}
