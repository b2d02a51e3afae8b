package dev.volokno.cares;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ServiceRecordTest {
    private final Random chance = new Random(42);

    private static ServiceRecord record(String host, int priority, int weight) {
        return new ServiceRecord(host, 80, priority, weight);
    }

    @Test
    void lowerPrioritiesComeFirstAndNoneIsLost() {
        var all = new ArrayList<ServiceRecord>();
        for (int i = 0; i < 30; i++) {
            all.add(record("host" + i, i % 3, i));
        }
        for (int round = 0; round < 100; round++) {
            List<ServiceRecord> drawn = ServiceRecord.drawn(all, chance);
            assertThat(drawn).containsExactlyInAnyOrderElementsOf(all);
            assertThat(drawn).extracting(ServiceRecord::priority).isSorted();
        }
    }

    @Test
    void amongEqualsTheWeightSaysHowOftenOneIsFirst() {
        var all = List.of(record("heavy", 1, 75), record("light", 1, 25), record("none", 1, 0));
        int heavy = 0;
        int none = 0;
        for (int round = 0; round < 10_000; round++) {
            String first = ServiceRecord.drawn(all, chance).getFirst().host();
            heavy += first.equals("heavy") ? 1 : 0;
            none += first.equals("none") ? 1 : 0;
        }
        assertThat(heavy).isBetween(7_200, 7_700);
        assertThat(none).isBetween(1, 300);
    }

    @Test
    void withoutAnyWeightAllAreThere() {
        var all = List.of(record("one", 1, 0), record("two", 1, 0));
        assertThat(ServiceRecord.drawn(all, chance)).hasSize(2);
        assertThat(ServiceRecord.drawn(List.of(), chance)).isEmpty();
    }
}
