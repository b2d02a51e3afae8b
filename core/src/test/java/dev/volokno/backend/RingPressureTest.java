package dev.volokno.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.fd.EventFd;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** More operations at once than a ring has entries for submissions or completions. */
class RingPressureTest {
    private static final int MANY = 3_000;

    @EachConfiguration
    void moreWaitsThanEntriesAllComplete(Configuration configuration) throws Exception {
        var readable = new AtomicInteger();
        configuration.run(() -> {
            var event = EventFd.open();
            for (int i = 0; i < MANY; i++) {
                Fiber.start(() -> {
                    event.fd().awaitReadable();
                    readable.incrementAndGet();
                });
            }
            Fiber.yield();
            event.add(1);
        });
        assertThat(readable).hasValue(MANY);
    }

    @EachConfiguration
    void cancellingMoreThanEntriesForgetsNone(Configuration configuration) throws Exception {
        List<Fiber<?>> waiters = new ArrayList<>();
        configuration.run(() -> {
            var event = EventFd.open();
            for (int i = 0; i < MANY; i++) {
                waiters.add(Fiber.start(() -> event.fd().awaitReadable()));
            }
            Fiber.yield();
            waiters.forEach(Fiber::cancel);
        });
        assertThat(waiters).extracting(Fiber::state).containsOnly(Future.State.CANCELLED);
    }

    @EachConfiguration
    void closingUnderMoreThanEntriesWakesAll(Configuration configuration) throws Exception {
        var woken = new AtomicInteger();
        configuration.run(() -> {
            var event = EventFd.open();
            for (int i = 0; i < MANY; i++) {
                Fiber.start(() -> {
                    try {
                        event.fd().awaitReadable();
                    } catch (ClosedChannelException e) {
                        woken.incrementAndGet();
                    }
                });
            }
            Fiber.yield();
            event.close();
        });
        assertThat(woken).hasValue(MANY);
    }
}
