package dev.volokno.foreign;

import dev.volokno.fd.Fd.Condition;
import dev.volokno.linux.Poll;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** Every set of conditions, made once. */
final class Conditions {
    private static final int TOLD =
            Poll.POLLIN | Poll.POLLPRI | Poll.POLLOUT | Poll.POLLERR | Poll.POLLHUP;
    private static final List<Set<Condition>> ALL = all();

    private Conditions() {}

    private static List<Set<Condition>> all() {
        var all = new ArrayList<Set<Condition>>();
        for (int bits = 0; bits <= TOLD; bits++) {
            all.add(Collections.unmodifiableSet(Condition.of(bits)));
        }
        return List.copyOf(all);
    }

    /** Those that hold by the bits of poll(2). */
    static Set<Condition> of(int bits) {
        return ALL.get(bits & TOLD);
    }
}
