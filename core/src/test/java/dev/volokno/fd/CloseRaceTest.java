package dev.volokno.fd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.TestLibc;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A descriptor that several threads close at once, and others that get its number meanwhile. */
class CloseRaceTest {
    private static final int CLOSERS = 4;
    private static final int ROUNDS = 300;

    @EachConfiguration
    void theNumberIsClosedOnceAndWhoeverHasItNextKeepsIt(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (ExecutorService threads = Executors.newFixedThreadPool(CLOSERS)) {
                var together = new CyclicBarrier(CLOSERS);
                for (int round = 0; round < ROUNDS; round++) {
                    race(threads, together);
                }
            }
        });
    }

    private static void race(ExecutorService threads, CyclicBarrier together) throws Exception {
        try (Pipe pipe = Pipe.open()) {
            // A second close(2) would hit what another thread has opened after the first.
            Callable<Integer> closing =
                    () -> {
                        together.await();
                        pipe.source().close();
                        return TestLibc.open("/dev/null", 0);
                    };
            List<Future<Integer>> races = new ArrayList<>();
            for (int i = 0; i < CLOSERS; i++) {
                races.add(threads.submit(closing));
            }
            for (Future<Integer> race : races) {
                assertThat(TestLibc.close(race.get())).isZero();
            }
        }
    }
}
