package dev.volokno.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * Makes the downcall handles of this package. Pointers travel as {@code long}: no segment is made
 * and no scope is checked per call, so the caller answers for the memory's life.
 */
@SuppressWarnings("restricted") // a binding is what this is
final class Native {
    static final ValueLayout.OfInt INT = JAVA_INT;
    static final ValueLayout.OfLong LONG = JAVA_LONG;
    static final ValueLayout.OfLong POINTER = JAVA_LONG;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");

    private Native() {}

    /** A handle whose first argument is the segment that receives {@code errno}. */
    static MethodHandle capturing(String name, ValueLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                symbol(name), FunctionDescriptor.of(result, arguments), CAPTURE);
    }

    /** A handle for a function that cannot fail. */
    static MethodHandle plain(String name, ValueLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(symbol(name), FunctionDescriptor.of(result, arguments));
    }

    /** A handle for a function that cannot fail and returns nothing. */
    static MethodHandle ofNothing(String name, MemoryLayout... arguments) {
        return LINKER.downcallHandle(symbol(name), FunctionDescriptor.ofVoid(arguments));
    }

    /** Like {@link #plain}; null if this C library does not have the function. */
    static @Nullable MethodHandle plainIfThere(
            String name, ValueLayout result, MemoryLayout... arguments) {
        return LINKER.defaultLookup().find(name).isPresent()
                ? plain(name, result, arguments)
                : null;
    }

    /**
     * Like {@link #capturing}, for a C function with "..." after its first {@code fixed} arguments.
     */
    static MethodHandle variadic(
            String name, int fixed, ValueLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                symbol(name),
                FunctionDescriptor.of(result, arguments),
                CAPTURE,
                Linker.Option.firstVariadicArg(fixed));
    }

    /**
     * Like {@link #capturing}, but an {@link #ADDRESS_OF_HEAP} argument may be a heap segment. The
     * collector waits while the call runs: only for calls that cannot block.
     */
    static MethodHandle onHeap(String name, ValueLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                symbol(name),
                FunctionDescriptor.of(result, arguments),
                CAPTURE,
                Linker.Option.critical(true));
    }

    static final ValueLayout ADDRESS_OF_HEAP = ADDRESS;

    /** A method handle threw what no C function can throw. */
    static AssertionError unexpected(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof IllegalStateException closed) {
            // The arena of a segment among the arguments.
            throw closed;
        }
        return new AssertionError("a downcall failed", thrown);
    }

    static int result(int returned, MemorySegment errno) {
        return returned >= 0 ? returned : -errno.get(JAVA_INT, 0);
    }

    static long result(long returned, MemorySegment errno) {
        return returned >= 0 ? returned : -errno.get(JAVA_INT, 0);
    }

    /** Where a variable of the C library's is. */
    static long address(String variable) {
        return symbol(variable).address();
    }

    private static MemorySegment symbol(String name) {
        SymbolLookup libc = LINKER.defaultLookup();
        return libc.find(name).orElseThrow(() -> new UnsatisfiedLinkError("libc has no " + name));
    }
}
