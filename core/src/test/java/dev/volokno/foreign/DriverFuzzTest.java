package dev.volokno.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.fd.EventFd;
import dev.volokno.fd.Fd.Condition;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;

/** Libraries that wait for anything: the loop serves the others all the same. */
class DriverFuzzTest {
    private static final int ROUNDS = 200;

    @TempDir Path folder;

    /** Names numbers, conditions and times at random. */
    private static final class Mad implements Driven {
        private final Random random;
        private final List<Integer> numbers;
        private final boolean announcing;
        int calls;

        Mad(Random random, List<Integer> numbers) {
            this.random = random;
            this.numbers = numbers;
            announcing = random.nextBoolean();
        }

        @Override
        public void prepare(Watch watch) {
            if (!announcing || random.nextInt(4) == 0) {
                watch.clear();
            }
            for (int i = random.nextInt(4); i > 0; i--) {
                int fd = numbers.get(random.nextInt(numbers.size()));
                var conditions = EnumSet.noneOf(Condition.class);
                for (var one : EnumSet.range(Condition.READABLE, Condition.PRIORITY)) {
                    if (random.nextBoolean()) {
                        conditions.add(one);
                    }
                }
                watch.on(fd, conditions);
            }
            switch (random.nextInt(5)) {
                case 0 -> watch.callNever();
                case 1 -> watch.callAfter(Duration.ofSeconds(random.nextLong()));
                case 2 -> watch.callAfter(Duration.ofNanos(random.nextInt(2_000_000)));
                default -> watch.callAfter(Duration.ofNanos(-random.nextInt(1000)));
            }
        }

        @Override
        public void ready(int fd, Set<Condition> conditions) {
            calls++;
        }

        @Override
        public void due() {
            calls++;
        }

        @Override
        public void end(Optional<Throwable> failure) {}
    }

    @EachConfiguration
    void whateverIsWaitedForTheLoopStaysSane(Configuration configuration) throws Exception {
        try (var file = new RandomAccessFile(folder.resolve("file").toFile(), "rw")) {
            for (long seed = 0; seed < 20; seed++) {
                fuzz(configuration, seed);
            }
            assertThat(file.length()).isZero();
        }
    }

    private static void fuzz(Configuration configuration, long seed) throws Exception {
        configuration.run(() -> {
            try (var there = EventFd.open();
                    var theirs = EventFd.open()) {
                List<Integer> numbers =
                        List.of(
                                -1,
                                Integer.MIN_VALUE,
                                Integer.MAX_VALUE,
                                100_000,
                                there.fd().use(n -> n),
                                theirs.fd().use(n -> n),
                                regularFile());
                var random = new Random(seed);
                var one = Driver.start("mad", (_, _) -> new Mad(random, numbers));
                var other = Driver.start("madder", (_, _) -> new Mad(random, numbers));
                var beat =
                        Fiber.start(() -> {
                            for (int i = 0; i < ROUNDS; i++) {
                                theirs.take();
                                there.add(1);
                            }
                        });
                for (int i = 0; i < ROUNDS; i++) {
                    theirs.add(1);
                    there.take();
                    disturb(i % 2 == 0 ? one : other);
                }
                beat.join();
                one.close();
                other.close();
            }
        });
    }

    /** A regular file's number, of this process. */
    private static int regularFile() {
        for (int number = 3; number < 1000; number++) {
            var target = Path.of("/proc/self/fd/" + number).toFile();
            if (target.isFile()) {
                return number;
            }
        }
        throw new AssertionError("no file is open");
    }

    private static void disturb(Driver<Mad> driver) throws IOException {
        try {
            int calls = driver.call(mad -> mad.calls);
            assertThat(calls).isNotNegative();
        } catch (LibraryEndedException failed) {
            // The same closed number twice: as it should be.
            assertThat(failed).hasRootCauseInstanceOf(dev.volokno.SystemCallException.class);
        }
    }
}
