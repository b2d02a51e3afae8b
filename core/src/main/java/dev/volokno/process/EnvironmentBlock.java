package dev.volokno.process;

import dev.volokno.linux.Memory;
import dev.volokno.linux.Unistd;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The environment of a child. What is not changed is passed on as it is, whatever bytes it holds:
 * Java's view of it has lost those that its character set does not know.
 */
final class EnvironmentBlock {
    private final Command.Environment wanted;

    EnvironmentBlock(Command.Environment wanted) {
        this.wanted = wanted;
    }

    /**
     * Pointers to C strings, and 0 after the last; those of ours that are not changed stay ours.
     */
    long address(Arena arena) {
        List<Long> entries = new ArrayList<>();
        if (wanted.inherited()) {
            addOurs(entries);
        }
        for (Map.Entry<String, Optional<String>> change : wanted.changes().entrySet()) {
            change.getValue()
                    .ifPresent(value ->
                            entries.add(
                                    arena.allocateFrom(change.getKey() + "=" + value).address()));
        }
        long block = arena.allocate((entries.size() + 1L) * Long.BYTES, Long.BYTES).address();
        for (int i = 0; i < entries.size(); i++) {
            Memory.putLong(block + (long) i * Long.BYTES, entries.get(i));
        }
        return block;
    }

    private void addOurs(List<Long> entries) {
        List<byte[]> changed =
                wanted.changes().keySet().stream()
                        .map(name -> (name + "=").getBytes(StandardCharsets.UTF_8))
                        .toList();
        long at = Unistd.environ();
        long entry = at == 0 ? 0 : Memory.getLong(at);
        while (entry != 0) {
            long ours = entry;
            if (changed.stream().noneMatch(name -> startsWith(ours, name))) {
                entries.add(ours);
            }
            at += Long.BYTES;
            entry = Memory.getLong(at);
        }
    }

    private static boolean startsWith(long string, byte[] start) {
        for (int i = 0; i < start.length; i++) {
            // It ends by a NUL at the latest, which no name has.
            if (Memory.getByte(string + i) != start[i]) {
                return false;
            }
        }
        return true;
    }
}
