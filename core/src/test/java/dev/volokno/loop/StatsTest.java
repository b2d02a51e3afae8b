package dev.volokno.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.fd.Pipe;
import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Scope;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.Waiting;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;

/** The counts, while waits begin and end in every way. */
class StatsTest {
    private static final int MANY = 30;

    /** The kernel may answer a cancellation some turns later. */
    private static final int SETTLING = 100_000;

    @EachConfiguration
    void theCountsAreAsBeforeWhenAllWaitsAreOver(Configuration configuration) throws Exception {
        configuration.run(() -> {
            Loop loop = Loop.current();
            LoopStats before = loop.stats();
            for (int i = 0; i < MANY; i++) {
                endWaitsInEveryWay();
            }
            for (int i = 0; i < SETTLING && busierThan(before, loop.stats()); i++) {
                Fiber.yield();
            }
            LoopStats after = loop.stats();
            assertThat(after.pendingOperations()).isEqualTo(before.pendingOperations());
            assertThat(after.armedTimers()).isEqualTo(before.armedTimers());
            assertThat(after.turns()).isGreaterThan(before.turns());
        });
    }

    private static boolean busierThan(LoopStats before, LoopStats now) {
        return now.pendingOperations() > before.pendingOperations()
                || now.armedTimers() > before.armedTimers();
    }

    private static void endWaitsInEveryWay() throws Exception {
        try (Pipe served = Pipe.open();
                Pipe cancelled = Pipe.open();
                Pipe closed = Pipe.open()) {
            Scope.run(scope -> {
                Waiting.untilParked(scope.fork(() -> Bytes.read(served.source())));
                var reader = Waiting.untilParked(scope.fork(() -> Bytes.read(cancelled.source())));
                var sleeper =
                        Waiting.untilParked(scope.fork(() -> Fiber.sleep(Duration.ofDays(1))));
                Waiting.untilParked(scope.fork(() -> readUntilClosed(closed)));
                served.sink().write(Bytes.of("x"));
                reader.cancel();
                sleeper.cancel();
                closed.source().close();
                return true;
            });
        }
    }

    private static void readUntilClosed(Pipe pipe) {
        assertThatThrownBy(() -> Bytes.read(pipe.source()))
                .isInstanceOf(ClosedChannelException.class);
    }
}
