package dev.volokno.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * All of the process's memory, by address. For structures the kernel shares with us, whose life we
 * govern.
 */
public final class Memory {
    @SuppressWarnings("restricted") // the whole address space, for structures whose life we govern
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    // The JDK makes each kind of access at its first use, under locks for which a fiber would leave
    // its loop's thread, amid what others must not see unfinished. So all of them are used here.
    static {
        try (Arena arena = Arena.ofConfined()) {
            long word = arena.allocate(Long.BYTES, Long.BYTES).address();
            putByte(word, getByte(word));
            putShort(word, getShort(word));
            putInt(word, getInt(word));
            putLong(word, getLong(word));
            putIntRelease(word, getIntAcquire(word));
            putLongVolatile(word, getLongVolatile(word));
            clear(word, Long.BYTES);
        }
    }

    private Memory() {}

    public static byte getByte(long address) {
        return ALL.get(JAVA_BYTE, address);
    }

    public static void putByte(long address, byte value) {
        ALL.set(JAVA_BYTE, address, value);
    }

    public static short getShort(long address) {
        return ALL.get(JAVA_SHORT_UNALIGNED, address);
    }

    public static void putShort(long address, short value) {
        ALL.set(JAVA_SHORT_UNALIGNED, address, value);
    }

    public static int getInt(long address) {
        return ALL.get(JAVA_INT_UNALIGNED, address);
    }

    public static void putInt(long address, int value) {
        ALL.set(JAVA_INT_UNALIGNED, address, value);
    }

    public static long getLong(long address) {
        return ALL.get(JAVA_LONG_UNALIGNED, address);
    }

    public static void putLong(long address, long value) {
        ALL.set(JAVA_LONG_UNALIGNED, address, value);
    }

    /**
     * Reads an index that the kernel stores with release: what it wrote before is visible after.
     */
    public static int getIntAcquire(long address) {
        return (int) INT.getAcquire(ALL, address);
    }

    /** Publishes an index that the kernel loads with acquire. */
    public static void putIntRelease(long address, int value) {
        INT.setRelease(ALL, address, value);
    }

    /** Reads a word that other threads, or a signal handler, write. */
    public static long getLongVolatile(long address) {
        return (long) LONG.getVolatile(ALL, address);
    }

    /** Writes a word that other threads, or a signal handler, read; a full fence. */
    public static void putLongVolatile(long address, long value) {
        LONG.setVolatile(ALL, address, value);
    }

    public static void clear(long address, long length) {
        ALL.asSlice(address, length).fill((byte) 0);
    }

    /** The text at {@code address}, which ends with a zero. */
    public static String getString(long address) {
        return ALL.getString(address);
    }

    /** The {@code length} bytes at {@code address}, as a segment without an owner. */
    public static MemorySegment at(long address, long length) {
        return ALL.asSlice(address, length);
    }
}
