package dev.volokno.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.fd.Fd;
import dev.volokno.fiber.Channel;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.EachConfinedConfiguration;
import dev.volokno.testing.TestLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What runs inside a loop of ours and is asked in every turn. */
class GuestTest {
    private static final Duration SHORT = Duration.ofMillis(2);

    /** Counts its calls, and says how long the loop may wait. */
    private static final class Counting implements Guest {
        private final List<String> calls = new ArrayList<>();
        private final Channel<Boolean> enough = Channel.bounded(1);
        private final Duration limit;
        private final int wanted;

        Counting(Duration limit, int wanted) {
            this.limit = limit;
            this.wanted = wanted;
        }

        @Override
        public Duration prepare() {
            calls.add("prepare");
            return limit;
        }

        @Override
        public void check() {
            calls.add("check");
            if (calls.size() >= wanted) {
                enough.trySend(true);
            }
        }
    }

    @EachConfiguration
    void itIsAskedBeforeEachWaitAndAfterAndItsTimeIsKept(Configuration configuration)
            throws Exception {
        var guest = new Counting(SHORT, 8);
        configuration.run(() -> {
            Registration stay = Loop.current().host(guest);
            // Nothing else wakes the loop but the guest's own time.
            guest.enough.receive();
            stay.close();
            assertThat(stay.isActive()).isFalse();
        });
        assertThat(guest.calls.size()).isGreaterThanOrEqualTo(8);
        for (int i = 0; i < 8; i++) {
            assertThat(guest.calls.get(i)).isEqualTo(i % 2 == 0 ? "prepare" : "check");
        }
    }

    @EachConfiguration
    void oneThatHasSomethingToDoAlreadyIsNotKeptWaiting(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            var guest = new Counting(Duration.ZERO, 100);
            Registration stay = Loop.current().host(guest);
            guest.enough.receive();
            stay.close();
        });
    }

    @EachConfiguration
    void oneThatAnotherBringsIsAskedBeforeTheSameWait(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            var brought = new Counting(SHORT, 4);
            var stays = new ArrayList<Registration>();
            var bringing =
                    new Guest() {
                        @Override
                        public Duration prepare() {
                            if (stays.size() == 1) {
                                stays.add(Loop.current().host(brought));
                            }
                            return NO_LIMIT;
                        }

                        @Override
                        public void check() {}
                    };
            stays.add(Loop.current().host(bringing));
            brought.enough.receive();
            stays.forEach(Registration::close);
            assertThat(brought.calls).startsWith("prepare", "check", "prepare", "check");
        });
    }

    @EachConfiguration
    void oneWithoutALimitLetsTheLoopWait(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var guest = new Counting(Guest.NO_LIMIT, 2);
            Registration stay = Loop.current().host(guest);
            Fiber.sleep(SHORT);
            stay.close();
            assertThat(guest.calls).isNotEmpty();
        });
    }

    @EachConfiguration
    void itKeepsTheLoopUnlessItIsADaemon(Configuration configuration) throws Exception {
        var guest = new Counting(SHORT, Integer.MAX_VALUE);
        var stay = new AtomicReference<Registration>();
        configuration.run(() -> {
            stay.set(Loop.current().host(guest).daemon());
            Fiber.sleep(SHORT);
        });
        assertThat(stay.get().isActive()).isFalse();
    }

    @EachConfiguration
    void whatItThrowsIsTheLoopsFailure(Configuration configuration) {
        var failing =
                new Guest() {
                    @Override
                    public Duration prepare() throws IOException {
                        throw new IOException("the guest's");
                    }

                    @Override
                    public void check() {}
                };
        assertThatThrownBy(() -> configuration.run(() -> Loop.current().host(failing)))
                .isInstanceOf(IOException.class)
                .hasMessage("the guest's");
    }

    @EachConfiguration
    void aWaitInsideIsRefused(Configuration configuration) {
        var waiting =
                new Guest() {
                    @Override
                    public Duration prepare() {
                        return SHORT;
                    }

                    @Override
                    public void check() {
                        Fiber.sleep(SHORT);
                    }
                };
        assertThatThrownBy(() -> configuration.run(() -> Loop.current().host(waiting)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("nothing waits inside");
    }

    @Test
    void aTestLoopTakesNone() throws Exception {
        TestLoop.create()
                .run(() ->
                        assertThatThrownBy(() -> Loop.current().host(new Counting(SHORT, 1)))
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageContaining("real time"));
    }

    @EachConfinedConfiguration
    void aLoopOfOursRunsInsideAnotherByItsDescriptor(Configuration configuration) throws Exception {
        configuration.run(() -> {
            Loop outer = Loop.current();
            var said = Channel.<String>bounded(1);
            outer.after(
                    Duration.ZERO,
                    () -> {
                        hostByDescriptor(outer, Loop.embedded(configuration.options()), said);
                        return TimerCallback.END;
                    });
            assertThat(said.receive()).isEqualTo("from inside");
        });
    }

    /** On the outer loop's thread, which drives the inner one to its end. */
    private static void hostByDescriptor(Loop outer, EmbeddedLoop inner, Channel<String> said)
            throws IOException {
        outer.watch(
                Fd.borrow(inner.fd()),
                Conditions.READABLE,
                _ -> inner.step(Duration.ZERO) ? Conditions.READABLE : Conditions.NONE);
        inner.loop()
                .submit(() -> {
                    Fiber.sleep(SHORT);
                    said.send("from inside");
                    Loop.current().stop(SHORT);
                });
    }
}
