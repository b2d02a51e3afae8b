package dev.volokno.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Negative;
import net.jqwik.api.constraints.Size;

/** Names for the kernel: each finds its object while that is in, and nothing ever after. */
class SlotTableProperties {
    @Property
    void aTokenFindsItsObjectAndNoOther(
            @ForAll @Size(max = 500) List<@IntRange(min = 0, max = 99) Integer> choices) {
        var table = new SlotTable<Object>();
        var slots = new ArrayList<Integer>();
        var live = new HashMap<Long, Object>();
        var stale = new ArrayList<Long>();
        for (int choice : choices) {
            if (choice < 60 || slots.isEmpty()) {
                var object = new Object();
                int slot = table.add(object);
                slots.add(slot);
                assertThat(live.put(table.token(slot), object)).as("a token given twice").isNull();
            } else {
                int slot = slots.remove(choice % slots.size());
                long token = table.token(slot);
                table.remove(slot);
                live.remove(token);
                stale.add(token);
            }
            assertThat(table.live()).isEqualTo(live.size());
        }
        live.forEach((token, object) -> assertThat(table.find(token)).isSameAs(object));
        assertThat(stale).allSatisfy(token -> assertThat(table.find(token)).isNull());
    }

    @Property
    void theBackendsOwnNumbersFindNothing(@ForAll @Negative long number) {
        var table = new SlotTable<Object>();
        table.add(this);
        assertThat(table.find(number)).isNull();
    }
}
