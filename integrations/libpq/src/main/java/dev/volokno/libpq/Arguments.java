package dev.volokno.libpq;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/**
 * The values of a query's parameters as libpq wants them; in {@code text} the command before them.
 */
record Arguments(
        MemorySegment text,
        int count,
        MemorySegment values,
        MemorySegment lengths,
        MemorySegment formats) {

    /** What most queries fit in. */
    private static final int ROOM = 8192;

    /** Memory that is used for one query after the other. */
    static final class Place {
        private final MemorySegment room;

        Place(Arena arena) {
            room = arena.allocate(ROOM, ADDRESS.byteAlignment());
        }

        /** Sends {@code query} by {@code connection}; false with an error message. */
        boolean send(Query query, PqConnection connection) {
            byte[] text = query.utf8();
            if (size(query, text) <= ROOM) {
                return send(query, text, SegmentAllocator.slicingAllocator(room), connection);
            }
            try (Arena once = Arena.ofConfined()) {
                return send(query, text, once, connection);
            }
        }

        private static boolean send(
                Query query, byte[] text, SegmentAllocator memory, PqConnection connection) {
            Arguments arguments = Arguments.of(query, text, memory);
            int format = query.isBinary() ? 1 : 0;
            return query.isPrepared()
                    ? connection.sendPrepared(arguments, format)
                    : connection.sendQuery(arguments, format);
        }

        private static long size(Query query, byte[] text) {
            long size = text.length + 1L + ADDRESS.byteSize();
            for (int i = 0; i < query.count(); i++) {
                byte[] value = query.value(i);
                size += (value == null ? 0 : value.length) + 1L;
                size += ADDRESS.byteSize() + 2 * JAVA_INT.byteSize();
            }
            return size;
        }
    }

    private static Arguments of(Query query, byte[] text, SegmentAllocator memory) {
        int count = query.count();
        var arguments =
                new Arguments(
                        MemorySegment.NULL,
                        count,
                        memory.allocate(ADDRESS, count),
                        memory.allocate(JAVA_INT, count),
                        memory.allocate(JAVA_INT, count));
        for (int i = 0; i < count; i++) {
            byte[] value = query.value(i);
            arguments.values.setAtIndex(
                    ADDRESS, i, value == null ? MemorySegment.NULL : text(value, memory));
            arguments.lengths.setAtIndex(JAVA_INT, i, value == null ? 0 : value.length);
            arguments.formats.setAtIndex(JAVA_INT, i, query.isBinary(i) ? 1 : 0);
        }
        return arguments.with(text(text, memory));
    }

    private Arguments with(MemorySegment command) {
        return new Arguments(command, count, values, lengths, formats);
    }

    /** With a zero after it, as texts have it. */
    static MemorySegment text(byte[] bytes, SegmentAllocator memory) {
        MemorySegment text = memory.allocate(bytes.length + 1L, 1);
        MemorySegment.copy(bytes, 0, text, JAVA_BYTE, 0, bytes.length);
        text.set(JAVA_BYTE, bytes.length, (byte) 0);
        return text;
    }
}
