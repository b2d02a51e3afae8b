package dev.volokno.mosquitto;

import static java.lang.foreign.ValueLayout.ADDRESS;

import dev.volokno.foreign.LibraryMissingException;
import dev.volokno.foreign.SharedLibrary;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@code <stdlib.h>}: what libmosquitto allocates and leaves to its user. */
final class Memory {
    private static final MethodHandle FREE = free();

    private Memory() {}

    private static MethodHandle free() {
        var libc = SharedLibrary.of("libc.so.6", "libc6");
        try {
            libc.load(() -> "0");
        } catch (LibraryMissingException e) {
            throw new AssertionError("this process runs on it", e);
        }
        return libc.function("free", FunctionDescriptor.ofVoid(ADDRESS));
    }

    static void free(MemorySegment memory) {
        try {
            FREE.invokeExact(memory);
        } catch (Throwable t) {
            throw Libmosquitto.unexpected(t);
        }
    }
}
