package dev.volokno.cares;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Where a service is (SRV, RFC 2782).
 *
 * @param host the server's name; empty says that the service is not offered
 * @param port the port to connect to
 * @param priority servers of the lowest number are tried first
 * @param weight how often one is taken first among those of its priority
 */
public record ServiceRecord(String host, int port, int priority, int weight) {
    /** The order in which they should be tried, drawn anew each time. */
    static List<ServiceRecord> drawn(List<ServiceRecord> all, RandomGenerator chance) {
        var rest = new ArrayList<>(all);
        // Those without a weight first, that they have a small chance at all.
        rest.sort(
                Comparator.comparingInt(ServiceRecord::priority)
                        .thenComparingInt(ServiceRecord::weight));
        var ordered = new ArrayList<ServiceRecord>();
        while (!rest.isEmpty()) {
            ordered.add(rest.remove(drawFirst(rest, chance)));
        }
        return List.copyOf(ordered);
    }

    private static int drawFirst(List<ServiceRecord> rest, RandomGenerator chance) {
        int priority = rest.getFirst().priority;
        int sum = 0;
        for (ServiceRecord one : rest) {
            sum += one.priority == priority ? one.weight : 0;
        }
        int drawn = chance.nextInt(sum + 1);
        int index = 0;
        drawn -= rest.getFirst().weight;
        while (drawn > 0) {
            drawn -= rest.get(++index).weight;
        }
        return index;
    }
}
