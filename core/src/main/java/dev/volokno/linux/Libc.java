package dev.volokno.linux;

import static dev.volokno.linux.Native.POINTER;

import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/** {@code <gnu/libc-version.h>}. */
public final class Libc {
    private static final MethodHandle VERSION = Native.plain("gnu_get_libc_version", POINTER);

    private Libc() {}

    /** Such as 2.36. */
    public static String version() {
        long address;
        try {
            address = (long) VERSION.invokeExact();
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
        int length = 0;
        while (Memory.getByte(address + length) != 0) {
            length++;
        }
        return StandardCharsets.US_ASCII
                .decode(Memory.at(address, length).asByteBuffer())
                .toString();
    }
}
