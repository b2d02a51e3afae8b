package dev.volokno.orders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.loop.Loop;
import dev.volokno.support.Configuration;
import dev.volokno.support.StreamPair;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A read and a write to which data, a cancellation, a close, a timeout and a hang-up happen in
 * every order, and every selection of them: it ends as documented, no byte is lost, nothing is left
 * behind. Loops are shared by all orders.
 */
class AllOrdersTest {
    private static final List<Order> ORDERS = Order.all();
    private static final Duration SHORTEST = Duration.ofNanos(200_000);
    private static final int RETRIES = 14;

    /** Begins what is to wait. */
    private interface Opening {
        Attempt open(Duration allowed) throws Exception;
    }

    /** So many things happen one after the other, with time between them. */
    private static final int SETTLED = 3;

    static Stream<Arguments> all() {
        return Arrays.stream(Configuration.values())
                .flatMap(configuration ->
                        Arrays.stream(Line.values())
                                .map(line -> Arguments.of(configuration, line)));
    }

    @ParameterizedTest
    @MethodSource("all")
    void ofARead(Configuration configuration, Line line) throws Exception {
        tryAll(configuration, line, allowed -> new ReadAttempt(line.openForReading(), allowed));
    }

    @ParameterizedTest
    @MethodSource("all")
    void ofAWrite(Configuration configuration, Line line) throws Exception {
        tryAll(configuration, line, allowed -> new WriteAttempt(line.openForWriting(), allowed));
    }

    private static void tryAll(Configuration configuration, Line line, Opening opening)
            throws Exception {
        Order.Spacing none =
                configuration.confined() ? Order.Spacing.NONE : Order.Spacing.UNORDERED;
        Set<Outcome> seen = EnumSet.noneOf(Outcome.class);
        configuration.run(() -> {
            for (Order order : ORDERS) {
                if (order.happenings().size() <= SETTLED) {
                    seen.add(tryOne(opening, line, order, Order.Spacing.SETTLED));
                }
                seen.add(tryOne(opening, line, order, none));
            }
        });
        assertThat(seen).as("how the calls ended").containsExactly(Outcome.values());
    }

    private static Outcome tryOne(Opening opening, Line line, Order order, Order.Spacing spacing)
            throws Exception {
        Duration allowed = SHORTEST;
        try {
            for (int time = 0; time < RETRIES; time++) {
                Attempt attempt = opening.open(allowed);
                try (StreamPair _ = attempt.pair) {
                    Outcome outcome = attempt.run(order, spacing);
                    if (outcome != null) {
                        assertThat(outcome).isIn(order.outcomes(spacing));
                        attempt.check(order, outcome, line);
                        assertNothingLeft();
                        return outcome;
                    }
                }
                // The machine was too busy: the time was over before its turn.
                allowed = allowed.multipliedBy(2);
            }
            throw new AssertionError("it is late whatever its time");
        } catch (AssertionError | Exception e) {
            throw new AssertionError(
                    line + ", " + order.happenings() + ", " + spacing + ": " + e.getMessage(), e);
        }
    }

    private static void assertNothingLeft() {
        Loop loop = Loop.current();
        Attempt.until(() -> loop.stats().pendingOperations() == 0);
        Attempt.until(() -> loop.stats().armedTimers() == 0);
    }
}
