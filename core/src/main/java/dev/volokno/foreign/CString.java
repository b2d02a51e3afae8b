package dev.volokno.foreign;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** Text as C has it: UTF-8 that ends with a zero. */
public final class CString {
    private CString() {}

    /**
     * {@code text} in memory of {@code allocator}'s.
     *
     * @throws IllegalArgumentException if it has a zero inside, where C would end it, or half a
     *     character, which UTF-8 has not
     */
    public static MemorySegment of(SegmentAllocator allocator, String text) {
        int zero = text.indexOf('\0');
        if (zero >= 0) {
            throw new IllegalArgumentException(
                    "a zero at " + zero + " of a text for C: " + text.replace('\0', '?'));
        }
        int half = half(text);
        if (half >= 0) {
            throw new IllegalArgumentException("half a character at " + half + " of " + text);
        }
        return allocator.allocateFrom(text);
    }

    /** Where a surrogate is without its other half; negative if nowhere. */
    private static int half(String text) {
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (Character.isSurrogate(unit)) {
                if (!Character.isSurrogatePair(
                        unit, i + 1 < text.length() ? text.charAt(i + 1) : 0)) {
                    return i;
                }
                i++;
            }
        }
        return -1;
    }

    /** {@code text}, or {@code NULL} if there is none. */
    public static MemorySegment of(SegmentAllocator allocator, Optional<String> text) {
        return text.isPresent() ? of(allocator, text.get()) : MemorySegment.NULL;
    }

    /** The text at {@code pointer}; empty if that is {@code NULL}. */
    public static Optional<String> at(MemorySegment pointer) {
        return pointer.address() == 0
                ? Optional.empty()
                : Optional.of(reach(pointer, Long.MAX_VALUE).getString(0));
    }

    /**
     * The text at {@code pointer}, or {@code instead} if that is {@code NULL}: for texts that are
     * only told.
     */
    public static String at(MemorySegment pointer, String instead) {
        return at(pointer).orElse(instead);
    }

    /**
     * A copy of the {@code length} bytes at {@code pointer}, which may be {@code NULL} for none.
     */
    public static byte[] bytes(MemorySegment pointer, long length) {
        return length == 0 ? new byte[0] : reach(pointer, length).toArray(ValueLayout.JAVA_BYTE);
    }

    /** The {@code length} bytes at {@code pointer}, which C answers for. */
    @SuppressWarnings("restricted") // a pointer from C has no length of its own
    public static MemorySegment reach(MemorySegment pointer, long length) {
        return pointer.reinterpret(length);
    }
}
