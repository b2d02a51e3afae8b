/** Fibers inside GLib's main loop, and GLib's inside a loop of ours. See docs/other-loops.md. */
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import module dev.volokno;

SymbolLookup glib;
int ticks;

void main() throws Exception {
    try {
        glib = load();
    } catch (IllegalArgumentException missing) {
        IO.println("needs libglib-2.0.so.0: apt-get install libglib2.0-0");
        return;
    }
    fibersInsideGlib();
    glibInsideALoop();
}

// ---- ours inside

void fibersInsideGlib() throws Exception {
    var context = pointer("g_main_context_new");
    var mainLoop = pointer("g_main_loop_new", context, 0);
    try (var ours = Loop.embedded()) {
        var source = pointer("g_unix_fd_source_new", ours.fd(), 1); // G_IO_IN
        attach(source, context, fdReady, () -> ours.step(Duration.ZERO));
        attach(pointer("g_timeout_source_new", 1), context, timeOver, () -> ++ticks > 0);
        ours.loop()
                .submit(() -> {
                    while (ticks < 3) {
                        Fiber.sleep(Duration.ofMillis(1)); // GLib's timer goes on meanwhile
                    }
                    IO.println("a fiber inside GLib saw its timer tick");
                    call("g_main_loop_quit", null, mainLoop);
                });
        call("g_main_loop_run", null, mainLoop);
    }
    call("g_main_loop_unref", null, mainLoop);
    call("g_main_context_unref", null, context);
}

// ---- theirs inside

void glibInsideALoop() throws Exception {
    var context = pointer("g_main_context_new");
    Loop.run(() -> {
        var loop = Loop.current();
        var stay = loop.host(new GlibGuest(loop, context));
        var told = new CompletableFuture<String>();
        attach(
                pointer("g_timeout_source_new", 5),
                context,
                timeOver,
                () -> !told.complete("a fiber was told by a source of GLib's"));
        IO.println(told.join());
        stay.close();
    });
    call("g_main_context_unref", null, context);
}

class GlibGuest implements Guest {
    static final int MOST = 64;

    final Loop loop;
    final MemorySegment context;
    final MemorySegment priority = Arena.global().allocate(JAVA_INT);
    final MemorySegment timeout = Arena.global().allocate(JAVA_INT);
    final MemorySegment polled = Arena.global().allocate(8L * MOST, 8); // struct pollfd
    final Map<Long, Registration> watches = new HashMap<>();
    int count;

    GlibGuest(Loop loop, MemorySegment context) {
        this.loop = loop;
        this.context = context;
    }

    @Override
    public Duration prepare() throws IOException {
        number("g_main_context_acquire", context);
        number("g_main_context_prepare", context, priority);
        var most = priority.get(JAVA_INT, 0);
        count = number("g_main_context_query", context, most, timeout, polled, MOST);
        watches.values().removeIf(watch -> !watch.isActive());
        for (int i = 0; i < count; i++) {
            watch(polled.get(JAVA_INT, 8L * i), polled.get(JAVA_SHORT, 8L * i + 4));
        }
        var millis = timeout.get(JAVA_INT, 0);
        return millis < 0 ? NO_LIMIT : Duration.ofMillis(millis);
    }

    /** Only wakes the loop: GLib is told what is ready by a poll(2) of its own. */
    void watch(int fd, int events) throws IOException {
        long key = (long) fd << 16 | events;
        if (!watches.containsKey(key)) {
            var interest = (events & 1) != 0 ? Conditions.READABLE : Conditions.WRITABLE;
            var once = loop.watch(Fd.borrow(fd), interest, _ -> Conditions.NONE);
            watches.put(key, once.daemon());
        }
    }

    @Override
    public void check() {
        number("poll", polled, (long) count, 0);
        var most = priority.get(JAVA_INT, 0);
        if (number("g_main_context_check", context, most, polled, count) != 0) {
            call("g_main_context_dispatch", null, context);
        }
        call("g_main_context_release", null, context);
    }
}

// ---- calls of C

FunctionDescriptor fdReady = FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
FunctionDescriptor timeOver = FunctionDescriptor.of(JAVA_INT, ADDRESS);

void attach(
        MemorySegment source,
        MemorySegment context,
        FunctionDescriptor type,
        BooleanSupplier callback) {
    var none = MemorySegment.NULL;
    call("g_source_set_callback", null, source, upcall(callback, type), none, none);
    number("g_source_attach", source, context);
    call("g_source_unref", null, source);
}

@SuppressWarnings("restricted")
MemorySegment upcall(BooleanSupplier callback, FunctionDescriptor type) {
    try {
        var lookup = MethodHandles.lookup();
        var returning = MethodType.methodType(boolean.class);
        var handle = lookup.findVirtual(BooleanSupplier.class, "getAsBoolean", returning);
        var bound = handle.bindTo(callback);
        var asInt = MethodHandles.explicitCastArguments(bound, MethodType.methodType(int.class));
        var taking = MethodHandles.dropArguments(asInt, 0, type.toMethodType().parameterList());
        return Linker.nativeLinker().upcallStub(taking, type, Arena.global());
    } catch (ReflectiveOperationException e) {
        throw new AssertionError(e);
    }
}

MemorySegment pointer(String name, Object... arguments) {
    return (MemorySegment) call(name, ADDRESS, arguments);
}

int number(String name, Object... arguments) {
    return (int) call(name, JAVA_INT, arguments);
}

@SuppressWarnings("restricted")
Object call(String name, MemoryLayout result, Object... arguments) {
    var layouts = Arrays.stream(arguments).map(this::layout).toArray(MemoryLayout[]::new);
    var type =
            result == null
                    ? FunctionDescriptor.ofVoid(layouts)
                    : FunctionDescriptor.of(result, layouts);
    var linker = Linker.nativeLinker();
    var function = glib.or(linker.defaultLookup()).findOrThrow(name);
    try {
        return linker.downcallHandle(function, type).invokeWithArguments(arguments);
    } catch (Throwable t) {
        throw new AssertionError(name, t);
    }
}

MemoryLayout layout(Object argument) {
    return switch (argument) {
        case Integer _ -> JAVA_INT;
        case Long _ -> JAVA_LONG;
        default -> ADDRESS;
    };
}

@SuppressWarnings("restricted")
SymbolLookup load() {
    return SymbolLookup.libraryLookup("libglib-2.0.so.0", Arena.global());
}
