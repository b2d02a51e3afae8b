package dev.volokno.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.DeadlineException;
import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Select;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachLoop;
import dev.volokno.support.TestLibc;
import dev.volokno.support.Waiting;
import java.time.Duration;
import java.util.concurrent.CancellationException;

class EventFdTest {
    /** As much as one holds. */
    private static final long FULL = -2;

    @EachLoop
    void whatWasAddedIsTakenTogether(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (EventFd event = EventFd.open()) {
                var taker = Waiting.untilParked(Fiber.start(() -> event.take()));
                event.add(0);
                assertThat(Waiting.isParked(taker)).isTrue();
                event.add(3);
                assertThat(taker.join()).isEqualTo(3);
                event.add(1);
                event.add(4);
                assertThat(event.take()).isEqualTo(5);
            }
        });
    }

    @EachLoop
    void aSemaphoreGivesOneAtATime(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (EventFd event = EventFd.openSemaphore()) {
                event.add(2);
                assertThat(event.take()).isEqualTo(1);
                assertThat(event.take()).isEqualTo(1);
                assertThatThrownBy(() -> event.take(Duration.ofMillis(1)))
                        .isInstanceOf(DeadlineException.class);
            }
        });
    }

    @EachLoop
    void whoWouldOverflowItWaitsUntilSomebodyTakes(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (EventFd event = EventFd.open()) {
                event.add(FULL);
                var adder = Waiting.untilParked(Fiber.start(() -> event.add(1)));
                assertThat(Long.toUnsignedString(event.take())).isEqualTo("18446744073709551614");
                adder.join();
                assertThat(event.take()).isEqualTo(1);
                event.add(FULL);
                var cancelled = Waiting.untilParked(Fiber.start(() -> event.add(2)));
                cancelled.cancel();
                assertThatThrownBy(cancelled::join).isInstanceOf(CancellationException.class);
                assertThat(event.take()).isEqualTo(FULL);
                assertThatThrownBy(() -> event.add(-1))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        });
    }

    @EachLoop
    void aSelectTakesOneAndLeavesTheOther(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (EventFd one = EventFd.open();
                    EventFd other = EventFd.open()) {
                var selector =
                        Waiting.untilParked(
                                Fiber.start(() ->
                                        Select.first(
                                                Select.when(one.taking(), count -> "one " + count),
                                                Select.when(other.taking(), _ -> "other"))));
                one.add(7);
                assertThat(selector.join()).isEqualTo("one 7");
                other.add(9);
                assertThat(other.take()).isEqualTo(9);
            }
        });
    }

    @EachLoop
    void oneThatSomebodyElseMadeIsAdopted(Configuration configuration) throws Exception {
        configuration.run(() -> {
            EventFd made = EventFd.open();
            made.add(5);
            try (EventFd adopted = EventFd.adopt(made.fd().release());
                    Pipe pipe = Pipe.open()) {
                assertThat(adopted.take()).isEqualTo(5);
                int pipeNumber = pipe.source().fd().use(number -> TestLibc.duplicate(number, 3));
                assertThatThrownBy(() -> EventFd.adopt(pipeNumber))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("pipe:");
                TestLibc.close(pipeNumber);
            }
        });
    }
}
