package dev.volokno.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.fiber.Channel;
import dev.volokno.fiber.Scope;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;

class LoopDumpTest {
    @EachConfiguration
    void aSignalHasTheFibersToldAndNothingIsKeptAlive(Configuration configuration)
            throws Exception {
        configuration.run(() ->
                Scope.run(scope -> {
                    var dumps = Channel.<String>bounded(2);
                    LoopDump.on(scope, Signal.WINCH, dumps::trySend);
                    Kill.self(Signal.WINCH);
                    assertThat(dumps.receive()).startsWith("loop, ").contains("(daemon) fiber-");
                    return true;
                }));
    }
}
