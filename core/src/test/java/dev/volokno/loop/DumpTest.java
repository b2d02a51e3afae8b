package dev.volokno.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.fd.Pipe;
import dev.volokno.fiber.Channel;
import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Scope;
import dev.volokno.fiber.ScopePolicy;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.Waiting;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

class DumpTest {
    @EachConfiguration
    void theDumpTellsWhoWaitsForWhat(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (Pipe pipe = Pipe.open()) {
                var channel = Channel.<String>bounded(2);
                var gate = new CountDownLatch(1);
                Scope.run(
                        ScopePolicy.collect(),
                        scope -> {
                            var reader =
                                    Waiting.untilParked(
                                            scope.fork(() -> Bytes.read(pipe.source())));
                            var joiner = Waiting.untilParked(scope.fork(() -> reader.join()));
                            var receiver = Waiting.untilParked(scope.fork(() -> channel.receive()));
                            var sleeper =
                                    Waiting.untilParked(
                                            scope.fork(() -> Fiber.sleep(Duration.ofDays(9))));
                            var latched = scope.fork(() -> gate.await());
                            Waiting.awaitParked(latched);
                            String dump = Loop.current().dump();
                            assertThat(dump)
                                    .startsWith("loop, " + Loop.current().backend())
                                    .contains("\n  scope, fail-fast\n    scope, collect\n")
                                    .containsPattern(
                                            reader
                                                    + ", [0-9.]+ s old, waits for read on "
                                                    + pipe.source()
                                                    + " since [0-9.]+ s\n")
                                    .contains("waits for the end of " + reader + " since")
                                    .contains("waits for an element of channel of 0/2 since")
                                    .contains("waits for a time since")
                                    .containsPattern(latched + ", .* waits in .*DumpTest");
                            Scope.run(inner -> {
                                Waiting.untilParked(inner.daemon(() -> channel.receive()));
                                assertThat(Loop.current().dump())
                                        .contains(
                                                "\n      scope, fail-fast\n        (daemon) fiber-");
                                return true;
                            });
                            joiner.cancel();
                            receiver.cancel();
                            sleeper.cancel();
                            gate.countDown();
                            pipe.sink().write(Bytes.of("end"));
                            return true;
                        });
            }
        });
    }

    @EachConfiguration
    void anEndedLoopHasNothingToTell(Configuration configuration) throws Exception {
        Loop loop = Loop.start(configuration.options());
        loop.close();
        assertThat(loop.dump()).startsWith("loop, ").doesNotContain("fiber-");
    }
}
