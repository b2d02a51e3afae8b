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
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A read and a write to which data, a cancellation, a close, a timeout and a hang-up happen in
 * every order, and every selection of them: it ends as documented, no byte is lost, nothing is left
 * behind. Each configuration meets every order, and so does each kind of stream: the short ones on
 * every pair of the two, the long ones dealt out in a Latin square. All pairs meet all orders in
 * the soak. Loops are shared by all orders.
 */
class AllOrdersTest {
    private static final List<Order> ORDERS = Order.all();
    private static final Duration SHORTEST = Duration.ofNanos(200_000);
    private static final int RETRIES = 14;

    /** Begins what is to wait. */
    private interface Opening {
        Attempt open(Duration allowed) throws Exception;
    }

    /** Orders of so many things are short: all combinations of how and where meet them. */
    private static final int SHORT = 2;

    static Stream<Arguments> all() {
        return Arrays.stream(Configuration.values())
                .flatMap(configuration ->
                        Arrays.stream(Line.values())
                                .map(line -> Arguments.of(configuration, line)));
    }

    /** Without TCP on a test loop, which rests while the network makes room in its own time. */
    static Stream<Arguments> allThatStayFull() {
        Object[] moving = {Configuration.TEST_LOOP, Line.TCP};
        return all().filter(pair -> !Arrays.equals(pair.get(), moving));
    }

    @ParameterizedTest
    @MethodSource("all")
    void ofARead(Configuration configuration, Line line) throws Exception {
        tryAll(configuration, line, dealtTo(configuration, line), reading(line));
    }

    @ParameterizedTest
    @MethodSource("allThatStayFull")
    void ofAWrite(Configuration configuration, Line line) throws Exception {
        tryAll(configuration, line, dealtTo(configuration, line), writing(line));
    }

    @Tag("soak")
    @ParameterizedTest
    @MethodSource("all")
    void everyOneOfARead(Configuration configuration, Line line) throws Exception {
        tryAll(configuration, line, ORDERS, reading(line));
    }

    @Tag("soak")
    @ParameterizedTest
    @MethodSource("allThatStayFull")
    void everyOneOfAWrite(Configuration configuration, Line line) throws Exception {
        tryAll(configuration, line, ORDERS, writing(line));
    }

    @Test
    void eachConfigurationAndEachLineMeetsEveryOrder() {
        for (Configuration configuration : Configuration.values()) {
            assertThat(Arrays.stream(Line.values()).flatMap(line -> dealt(configuration, line)))
                    .as(configuration.name())
                    .containsAll(ORDERS);
        }
        for (Line line : Line.values()) {
            assertThat(Arrays.stream(Configuration.values()).flatMap(how -> dealt(how, line)))
                    .as(line.name())
                    .containsAll(ORDERS);
        }
    }

    private static Stream<Order> dealt(Configuration configuration, Line line) {
        return dealtTo(configuration, line).stream();
    }

    private static List<Order> dealtTo(Configuration configuration, Line line) {
        int hands = Math.min(Configuration.values().length, Line.values().length);
        int place = configuration.ordinal() + line.ordinal();
        return IntStream.range(0, ORDERS.size())
                .filter(i -> isShort(ORDERS.get(i)) || (i + place) % hands == 0)
                .mapToObj(ORDERS::get)
                .toList();
    }

    private static boolean isShort(Order order) {
        return order.happenings().size() <= SHORT;
    }

    private static Opening reading(Line line) {
        return allowed -> new ReadAttempt(line.openForReading(), allowed);
    }

    private static Opening writing(Line line) {
        return allowed -> new WriteAttempt(line.openForWriting(), allowed);
    }

    private static void tryAll(
            Configuration configuration, Line line, List<Order> orders, Opening opening)
            throws Exception {
        boolean drawn = configuration == Configuration.TEST_LOOP;
        Order.Spacing none =
                configuration.confined() && !drawn ? Order.Spacing.NONE : Order.Spacing.UNORDERED;
        Set<Outcome> seen = EnumSet.noneOf(Outcome.class);
        configuration.run(() -> {
            for (Order order : orders) {
                if (isShort(order)) {
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
