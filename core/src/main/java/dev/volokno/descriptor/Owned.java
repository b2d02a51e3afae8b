package dev.volokno.descriptor;

import dev.volokno.engine.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** All descriptors that the library owns in this process, by number: no number has two owners. */
public final class Owned {
    private static final Map<Integer, Descriptor> BY_NUMBER = new ConcurrentHashMap<>();

    private Owned() {}

    static void add(Descriptor descriptor) {
        // A former owner's number was taken out before it was closed, so nothing is lost by
        // overwriting.
        BY_NUMBER.put(descriptor.number(), descriptor);
    }

    static void addNew(Descriptor descriptor) {
        Descriptor owner = BY_NUMBER.putIfAbsent(descriptor.number(), descriptor);
        if (owner != null) {
            throw new IllegalStateException(
                    owner + " is owned already, since " + owner.birthplace());
        }
    }

    static void remove(Descriptor descriptor) {
        BY_NUMBER.remove(descriptor.number(), descriptor);
    }

    /** What a loop owns. */
    public static List<Descriptor> of(Engine engine) {
        var owned = new ArrayList<Descriptor>();
        for (Descriptor descriptor : BY_NUMBER.values()) {
            if (descriptor.engine() == engine) {
                owned.add(descriptor);
            }
        }
        return owned;
    }
}
