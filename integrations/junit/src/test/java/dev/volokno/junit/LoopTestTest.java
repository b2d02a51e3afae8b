package dev.volokno.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.volokno.fd.Pipe;
import dev.volokno.fiber.Fiber;
import dev.volokno.testing.DeadlockError;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

class LoopTestTest {
    @LoopTest(seeds = 3, benignFaults = true)
    void aMethodIsAFiberAndItsTimeJumps() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            Fiber.start(() -> {
                Fiber.sleep(Duration.ofDays(1));
                pipe.sink().write(ByteBuffer.wrap(new byte[1]));
            });
            assertThat(pipe.source().read(ByteBuffer.allocate(1))).isOne();
        }
    }

    /** Fails, for the test below. */
    static class StuckCase {
        @LoopTest(seeds = 2)
        void waitsForNobody() throws Exception {
            try (Pipe pipe = Pipe.open()) {
                pipe.source().read(ByteBuffer.allocate(1));
            }
        }
    }

    @Test
    void aStuckMethodFailsWithItsSeedOncePerSeed() {
        var failed =
                EngineTestKit.engine("junit-jupiter")
                        .selectors(selectClass(StuckCase.class))
                        .execute()
                        .testEvents()
                        .failed();
        assertThat(failed.list())
                .hasSize(2)
                .extracting(LoopTestTest::failure)
                .allSatisfy(failure -> {
                    assertThat(failure).isInstanceOf(DeadlockError.class);
                    assertThat(Arrays.toString(failure.getSuppressed()))
                            .contains("-Dvolokno.test.seed=");
                });
    }

    private static Throwable failure(Event event) {
        return event.getRequiredPayload(org.junit.platform.engine.TestExecutionResult.class)
                .getThrowable()
                .orElseThrow();
    }
}
