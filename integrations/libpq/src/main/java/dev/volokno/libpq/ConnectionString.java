package dev.volokno.libpq;

import static dev.volokno.libpq.Libpq.function;
import static dev.volokno.libpq.Libpq.procedure;
import static dev.volokno.libpq.Libpq.unexpected;
import static java.lang.foreign.ValueLayout.ADDRESS;

import dev.volokno.foreign.CString;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** libpq-fe.h: connection strings and URIs, and what stands in for what they leave out. */
final class ConnectionString {
    private static final MethodHandle PARSE =
            function("PQconninfoParse", ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle DEFAULTS = function("PQconndefaults", ADDRESS);
    private static final MethodHandle FREE = procedure("PQconninfoFree", ADDRESS);

    /** sizeof(PQconninfoOption): six pointers and an int. */
    private static final long OPTION_SIZE = 7 * ADDRESS.byteSize();

    private static final long VALUE_OFFSET = 3 * ADDRESS.byteSize();

    private ConnectionString() {}

    /**
     * What {@code text} sets.
     *
     * @throws IllegalArgumentException if it is no connection string; the message has no part of
     *     it, which may be a password
     */
    static Map<String, String> parse(String text) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment error = arena.allocate(ADDRESS);
            var options = (MemorySegment) PARSE.invokeExact(CString.of(arena, text), error);
            if (options.address() == 0) {
                throw refused(error.get(ADDRESS, 0));
            }
            return read(options);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    private static IllegalArgumentException refused(MemorySegment message) {
        String why = CString.at(message, "out of memory").strip();
        if (message.address() != 0) {
            PqConnection.free(message);
        }
        return new IllegalArgumentException("the connection string: " + why);
    }

    /** What the environment and the service file say; reads files. */
    static Map<String, String> defaults() {
        try {
            return read((MemorySegment) DEFAULTS.invokeExact());
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    private static Map<String, String> read(MemorySegment options) throws Throwable {
        var found = new LinkedHashMap<String, String>();
        if (options.address() == 0) {
            return found;
        }
        for (long at = 0; ; at += OPTION_SIZE) {
            MemorySegment option = CString.reach(options, at + OPTION_SIZE).asSlice(at);
            Optional<String> keyword = CString.at(option.get(ADDRESS, 0));
            if (keyword.isEmpty()) {
                break;
            }
            CString.at(option.get(ADDRESS, VALUE_OFFSET))
                    .ifPresent(value -> found.put(keyword.get(), value));
        }
        FREE.invokeExact(options);
        return found;
    }
}
