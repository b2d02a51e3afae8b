package dev.volokno.backend;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Names objects to the kernel by a 64-bit token: the slot's index, and above it a generation that
 * changes whenever the slot is freed. A token that comes back late finds nothing.
 */
final class SlotTable<T> {
    private static final int INITIAL = 64;

    private @Nullable Object[] entries = new Object[INITIAL];
    private int[] generations = new int[INITIAL];
    private int[] free = new int[INITIAL];
    private int freeCount;
    private int used;
    private int live;

    int add(T entry) {
        int slot = freeCount > 0 ? free[--freeCount] : grow();
        entries[slot] = entry;
        live++;
        return slot;
    }

    void remove(int slot) {
        assert entries[slot] != null;
        entries[slot] = null;
        generations[slot]++;
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, free.length * 2);
        }
        free[freeCount++] = slot;
        live--;
    }

    long token(int slot) {
        // The top bit stays clear: negative tokens are the backends' own.
        return ((long) generations[slot] & Integer.MAX_VALUE) << 32 | slot;
    }

    /** The object that has this token now, if any. */
    @SuppressWarnings("unchecked")
    @Nullable T find(long token) {
        int slot = (int) token;
        return token >= 0 && slot < used && token(slot) == token ? (T) entries[slot] : null;
    }

    int live() {
        return live;
    }

    private int grow() {
        if (used == entries.length) {
            entries = Arrays.copyOf(entries, used * 2);
            generations = Arrays.copyOf(generations, used * 2);
        }
        return used++;
    }
}
