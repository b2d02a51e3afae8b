package dev.volokno.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.fd.Pipe;
import dev.volokno.fiber.Action;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/** Fibers that are always ready, beside others that wait. */
class FairnessTest {
    private static final int BUSY = 5;

    @EachConfiguration
    void sleepsOfNoLengthStarveNeitherStreamsNorTimers(Configuration configuration)
            throws Exception {
        othersAreServedBeside(configuration, () -> Fiber.sleep(Duration.ZERO));
    }

    @EachConfiguration
    void yieldsStarveNeitherStreamsNorTimers(Configuration configuration) throws Exception {
        othersAreServedBeside(configuration, () -> Fiber.yield());
    }

    @EachConfiguration
    void fibersThatStartTheNextStarveNeitherStreamsNorTimers(Configuration configuration)
            throws Exception {
        othersAreServedBeside(configuration, () -> Fiber.start(() -> Fiber.yield()).join());
    }

    private static void othersAreServedBeside(Configuration configuration, Action<Exception> busy)
            throws Exception {
        configuration.run(() -> {
            List<Fiber<Void>> busyOnes = new ArrayList<>();
            for (int i = 0; i < BUSY; i++) {
                busyOnes.add(Fiber.start(() -> forEver(busy)));
            }
            try (Pipe pipe = Pipe.open()) {
                var reader = Waiting.untilParked(Fiber.start(() -> Bytes.read(pipe.source())));
                Fiber.sleep(Duration.ofMillis(1));
                pipe.sink().write(Bytes.of("served"));
                assertThat(reader.join()).isEqualTo("served");
            }
            busyOnes.forEach(Fiber::cancel);
            for (Fiber<Void> one : busyOnes) {
                assertThatThrownBy(one::join).isInstanceOf(CancellationException.class);
            }
        });
    }

    private static void forEver(Action<Exception> busy) throws Exception {
        while (true) {
            busy.run();
        }
    }
}
