package dev.volokno.libpq;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.volokno.foreign.LibraryMissingException;
import dev.volokno.foreign.SharedLibrary;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.invoke.MethodHandle;

/** The library itself; {@link #load} comes before the first use of the classes of bindings. */
final class Libpq {
    static final SharedLibrary LIBRARY =
            SharedLibrary.of("libpq.so.5", "libpq5").versions("12", "15.18");

    private Libpq() {}

    static void load() throws LibraryMissingException {
        LIBRARY.load(Libpq::loadedVersion);
    }

    private static String loadedVersion() {
        try {
            int number =
                    (int)
                            LIBRARY.function("PQlibVersion", FunctionDescriptor.of(JAVA_INT))
                                    .invoke();
            return number / 10_000 + "." + number % 10_000;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static MethodHandle function(String name, MemoryLayout result, MemoryLayout... parameters) {
        return LIBRARY.function(name, FunctionDescriptor.of(result, parameters));
    }

    static MethodHandle procedure(String name, MemoryLayout... parameters) {
        return LIBRARY.function(name, FunctionDescriptor.ofVoid(parameters));
    }

    /**
     * One that only looks at a field: it takes no time, and calls nobody back, which would end the
     * Java VM. Those that take an index do call back if there is no such row or column.
     */
    static MethodHandle getter(String name, MemoryLayout result, MemoryLayout... parameters) {
        return LIBRARY.function(
                name, FunctionDescriptor.of(result, parameters), Linker.Option.critical(false));
    }

    /** C throws nothing: what a call throws is a fault of the binding. */
    static RuntimeException unexpected(Throwable thrown) {
        if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
        throw thrown instanceof Error error ? error : new AssertionError(thrown);
    }
}
