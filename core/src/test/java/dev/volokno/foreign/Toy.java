package dev.volokno.foreign;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.volokno.fd.Fd.Condition;
import dev.volokno.fiber.Channel;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The integration of the library in {@code toy.c}, in either shape. */
final class Toy implements Driven {
    private static final SharedLibrary LIBRARY = compiled();
    private static final FunctionDescriptor OF_TOY = FunctionDescriptor.of(JAVA_INT, ADDRESS);

    /** Its functions; a class of its own, which a missing compiler does not spoil. */
    private static final class Calls {
        static final MethodHandle OPEN =
                LIBRARY.function(
                        "toy_open", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, ADDRESS));
        static final MethodHandle CLOSE =
                LIBRARY.function("toy_close", FunctionDescriptor.ofVoid(ADDRESS));
        static final MethodHandle REOPEN =
                LIBRARY.function("toy_reopen", FunctionDescriptor.ofVoid(ADDRESS));
        static final MethodHandle FD = LIBRARY.function("toy_fd", OF_TOY);
        static final MethodHandle READ = LIBRARY.function("toy_read", OF_TOY);
        static final MethodHandle WRITE =
                LIBRARY.function(
                        "toy_write", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG));
    }

    private final boolean announcing;
    private final Watch watch;
    private final MemorySegment handle;

    /** What came, for the fibers that want it. */
    final Channel<String> bytes = Channel.bounded(1000);

    final List<Set<Condition>> told = new ArrayList<>();
    final Channel<Long> dues = Channel.bounded(1000);
    volatile int ends;
    volatile Optional<Throwable> failure = Optional.empty();

    /** What the callback for bytes does instead of keeping them. */
    Consumer<String> onBytes = bytes::trySend;

    Duration every = Duration.ofDays(1);

    private Toy(Watch watch, Upcalls upcalls, boolean announcing) {
        this.watch = watch;
        this.announcing = announcing;
        var lookup = MethodHandles.lookup();
        MemorySegment onBytesPointer =
                upcalls.pointer(
                        lookup,
                        this,
                        "bytes",
                        FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, JAVA_LONG));
        MemorySegment nothing = MemorySegment.NULL;
        MemorySegment onWatch =
                !announcing
                        ? nothing
                        : upcalls.pointer(
                                lookup,
                                this,
                                "watch",
                                FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT, JAVA_INT));
        MemorySegment onTimer =
                !announcing
                        ? nothing
                        : upcalls.pointer(
                                lookup,
                                this,
                                "timer",
                                FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG));
        try {
            handle = (MemorySegment) Calls.OPEN.invokeExact(onBytesPointer, onWatch, onTimer);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    static Driver<Toy> asked() throws IOException {
        return start(false);
    }

    static Driver<Toy> announcing() throws IOException {
        return start(true);
    }

    static Driver<Toy> start(boolean announcing) throws IOException {
        LIBRARY.load(() -> "1.0");
        return Driver.start("toy", (watch, upcalls) -> new Toy(watch, upcalls, announcing));
    }

    static Toy of(Driver<Toy> driver) throws IOException {
        return driver.call(toy -> toy);
    }

    // ---- callbacks from C

    void bytes(MemorySegment user, MemorySegment text, long length) {
        onBytes.accept(
                new String(CString.bytes(text, length), java.nio.charset.StandardCharsets.UTF_8));
    }

    void watch(MemorySegment user, int fd, int events) {
        var wanted = EnumSet.noneOf(Condition.class);
        if ((events & 1) != 0) {
            wanted.add(Condition.READABLE);
        }
        if ((events & 2) != 0) {
            wanted.add(Condition.WRITABLE);
        }
        watch.on(fd, wanted);
    }

    void timer(MemorySegment user, long ms) {
        watch.callAfter(Duration.ofMillis(ms));
    }

    // ---- what the driver calls

    @Override
    public void prepare(Watch same) {
        if (!announcing) {
            watch.clear();
            watch.on(call(Calls.FD), Set.of(Condition.READABLE));
        }
        if (every.toDays() == 0) {
            watch.callAfter(every);
        }
    }

    @Override
    public void ready(int fd, Set<Condition> conditions) throws IOException {
        told.add(conditions);
        int result = call(Calls.READ);
        if (result == -5) {
            throw new IOException("the toy is broken");
        }
    }

    @Override
    public void due() {
        dues.trySend(System.nanoTime());
    }

    @Override
    public void end(Optional<Throwable> why) {
        ends++;
        failure = why;
        callVoid(Calls.CLOSE);
    }

    // ---- what its users call

    boolean write(String text) {
        try (var arena = Arena.ofConfined()) {
            var memory = CString.of(arena, text);
            return (int) Calls.WRITE.invokeExact(handle, memory, (long) text.length()) == 0;
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    boolean reopen() {
        callVoid(Calls.REOPEN);
        return true;
    }

    int fd() {
        return call(Calls.FD);
    }

    private int call(MethodHandle function) {
        try {
            return (int) function.invokeExact(handle);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    private void callVoid(MethodHandle function) {
        try {
            function.invokeExact(handle);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    private static SharedLibrary compiled() {
        try (InputStream source = Toy.class.getResourceAsStream("toy.c")) {
            Path folder = Files.createTempDirectory("toy");
            Path library = folder.resolve("toy.so");
            Files.copy(source, folder.resolve("toy.c"));
            int status =
                    new ProcessBuilder(
                                    "gcc",
                                    "-Wall",
                                    "-Werror",
                                    "-shared",
                                    "-fPIC",
                                    "-o",
                                    library.toString(),
                                    folder.resolve("toy.c").toString())
                            .inheritIO()
                            .start()
                            .waitFor();
            assumeTrue(status == 0, "needs a C compiler");
            var loaded = SharedLibrary.of(library.toString(), "none");
            loaded.load(() -> "1.0");
            Files.delete(library);
            Files.delete(folder.resolve("toy.c"));
            Files.delete(folder);
            return loaded;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
