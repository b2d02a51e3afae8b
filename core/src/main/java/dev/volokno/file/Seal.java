package dev.volokno.file;

import dev.volokno.linux.Fcntl;
import java.util.EnumSet;
import java.util.Set;

/** What is forbidden on a file in memory, for good (F_ADD_SEALS, fcntl(2)). */
public enum Seal {
    /** Further seals. */
    SEAL(Fcntl.F_SEAL_SEAL),
    /** Becoming shorter. */
    SHRINK(Fcntl.F_SEAL_SHRINK),
    /** Becoming longer. */
    GROW(Fcntl.F_SEAL_GROW),
    /** Changes of its content. */
    WRITE(Fcntl.F_SEAL_WRITE);

    private final int bit;

    Seal(int bit) {
        this.bit = bit;
    }

    static int bits(Set<Seal> seals) {
        return seals.stream().mapToInt(seal -> seal.bit).sum();
    }

    static Set<Seal> of(int bits) {
        var seals = EnumSet.noneOf(Seal.class);
        for (Seal seal : values()) {
            if ((bits & seal.bit) != 0) {
                seals.add(seal);
            }
        }
        return seals;
    }
}
