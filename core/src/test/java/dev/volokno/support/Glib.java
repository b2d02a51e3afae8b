package dev.volokno.support;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Assumptions;

/** One main context of GLib's, as much of it as the tests need. */
@SuppressWarnings("restricted") // it calls C
public final class Glib implements AutoCloseable {
    private static final String LIBRARY = "libglib-2.0.so.0";
    private static final int G_IO_IN = 1;
    private static final int MOST = 64;
    private static final int POLL_FD_SIZE = 8;

    private final Arena arena = Arena.ofShared();
    private final SymbolLookup library;
    private final MemorySegment context;
    private final MemorySegment mainLoop;
    private final MemorySegment priority = arena.allocate(JAVA_INT);
    private final MemorySegment timeout = arena.allocate(JAVA_INT);
    private final MemorySegment polled = arena.allocate((long) MOST * POLL_FD_SIZE, 8);

    /** A descriptor that GLib wants to be polled. */
    public record PollFd(int number, int events) {}

    private Glib(SymbolLookup library) {
        this.library = library;
        context = pointer("g_main_context_new");
        mainLoop = pointer("g_main_loop_new", context, 0);
    }

    /** Where the library is missing the test does not run, and says why. */
    public static Glib open() {
        try {
            return new Glib(SymbolLookup.libraryLookup(LIBRARY, Arena.global()));
        } catch (IllegalArgumentException missing) {
            return Assumptions.abort(LIBRARY + " is missing: apt-get install libglib2.0-0");
        }
    }

    // ---- sources

    /** Has {@code callback} called while {@code number} is readable, until it says false. */
    public void whenReadable(int number, BooleanSupplier callback) {
        MemorySegment source = pointer("g_unix_fd_source_new", number, G_IO_IN);
        var type = FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
        attach(source, stub("fdReady", callback, type));
    }

    /** Has {@code callback} called every {@code millis}, until it says false. */
    public void every(int millis, BooleanSupplier callback) {
        MemorySegment source = pointer("g_timeout_source_new", millis);
        attach(source, stub("timeOver", callback, FunctionDescriptor.of(JAVA_INT, ADDRESS)));
    }

    private void attach(MemorySegment source, MemorySegment callback) {
        nothing("g_source_set_callback", source, callback, MemorySegment.NULL, MemorySegment.NULL);
        number("g_source_attach", source, context);
        nothing("g_source_unref", source);
    }

    private MemorySegment stub(String name, BooleanSupplier callback, FunctionDescriptor type) {
        try {
            MethodType called = type.toMethodType().insertParameterTypes(0, BooleanSupplier.class);
            MethodHandle handle =
                    MethodHandles.lookup().findStatic(Glib.class, name, called).bindTo(callback);
            return Linker.nativeLinker().upcallStub(handle, type, arena);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static int fdReady(
            BooleanSupplier callback, int number, int condition, MemorySegment data) {
        return timeOver(callback, data);
    }

    private static int timeOver(BooleanSupplier callback, MemorySegment data) {
        return callback.getAsBoolean() ? 1 : 0;
    }

    // ---- its own loop

    /** Runs until {@link #quit}. */
    public void run() {
        nothing("g_main_loop_run", mainLoop);
    }

    public void quit() {
        nothing("g_main_loop_quit", mainLoop);
    }

    // ---- as somebody else's guest

    public void acquire() {
        number("g_main_context_acquire", context);
    }

    public void release() {
        nothing("g_main_context_release", context);
    }

    /** Begins an iteration: the time to wait in milliseconds, negative for ever. */
    public int prepare() {
        number("g_main_context_prepare", context, priority);
        count =
                number(
                        "g_main_context_query",
                        context,
                        priority.get(JAVA_INT, 0),
                        timeout,
                        polled,
                        MOST);
        return timeout.get(JAVA_INT, 0);
    }

    private int count;

    /** What is to be polled in this iteration. */
    public PollFd polled(int index) {
        long entry = (long) index * POLL_FD_SIZE;
        return new PollFd(polled.get(JAVA_INT, entry), polled.get(JAVA_SHORT, entry + 4));
    }

    public int polledCount() {
        return count;
    }

    /** Asks the kernel, without waiting, and calls what is ready. */
    public void dispatch() {
        number("poll", polled, (long) count, 0);
        int ready =
                number("g_main_context_check", context, priority.get(JAVA_INT, 0), polled, count);
        if (ready != 0) {
            nothing("g_main_context_dispatch", context);
        }
    }

    @Override
    public void close() {
        nothing("g_main_loop_unref", mainLoop);
        nothing("g_main_context_unref", context);
        arena.close();
    }

    // ---- calls

    private MemorySegment pointer(String name, Object... arguments) {
        return (MemorySegment) call(name, ADDRESS, arguments);
    }

    private int number(String name, Object... arguments) {
        return (int) call(name, JAVA_INT, arguments);
    }

    private void nothing(String name, Object... arguments) {
        call(name, null, arguments);
    }

    private Object call(String name, MemoryLayout result, Object... arguments) {
        var layouts = new MemoryLayout[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            layouts[i] =
                    switch (arguments[i]) {
                        case Integer _ -> JAVA_INT;
                        case Long _ -> JAVA_LONG;
                        default -> ADDRESS;
                    };
        }
        var type =
                result == null
                        ? FunctionDescriptor.ofVoid(layouts)
                        : FunctionDescriptor.of(result, layouts);
        Linker linker = Linker.nativeLinker();
        try {
            MemorySegment function = library.or(linker.defaultLookup()).findOrThrow(name);
            return linker.downcallHandle(function, type).invokeWithArguments(arguments);
        } catch (Throwable t) {
            throw new AssertionError(name, t);
        }
    }
}
