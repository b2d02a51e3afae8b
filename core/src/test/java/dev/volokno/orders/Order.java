package dev.volokno.orders;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Some of what may happen, each once, one after the other. */
record Order(List<Happening> happenings) {
    /** Every order of every selection: 325. */
    static List<Order> all() {
        var orders = new ArrayList<Order>();
        extend(new Order(List.of()), orders);
        return orders;
    }

    private static void extend(Order begun, List<Order> orders) {
        for (Happening next : Happening.values()) {
            if (!begun.has(next)) {
                var longer = new ArrayList<>(begun.happenings);
                longer.add(next);
                var order = new Order(List.copyOf(longer));
                orders.add(order);
                extend(order, orders);
            }
        }
    }

    boolean has(Happening happening) {
        return happenings.contains(happening);
    }

    private boolean hasBefore(Happening first, Happening second) {
        return has(first) && happenings.indexOf(first) < happenings.indexOf(second);
    }

    /**
     * The model: how a call may end that waits already. If it has time to end before the next thing
     * happens, then by the first. If all happens in one moment, a cancellation and a close are
     * requests that what came later may overtake, with these exceptions: nothing arrives after a
     * hang-up, and who is cancelled first is not late.
     */
    Set<Outcome> outcomes(Spacing spacing) {
        if (spacing == Spacing.SETTLED) {
            return Set.of(Outcome.of(happenings.getFirst()));
        }
        Set<Outcome> possible =
                happenings.stream()
                        .map(Outcome::of)
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Outcome.class)));
        boolean ordered = spacing == Spacing.NONE;
        if (ordered && hasBefore(Happening.CANCEL, Happening.TIMEOUT)) {
            possible.remove(Outcome.LATE);
        }
        if (ordered && hasBefore(Happening.HANG_UP, Happening.ARRIVAL)) {
            possible.remove(Outcome.DONE);
        }
        return possible;
    }

    /** How much time there is between what happens. */
    enum Spacing {
        /** Enough for the call to end. */
        SETTLED,
        /** None. */
        NONE,
        /** All at once, in any order. */
        UNORDERED
    }
}
