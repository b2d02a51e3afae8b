/** A C library that owns a descriptor, driven by a fiber; the library is examples/toy.c. */
import static java.lang.foreign.FunctionDescriptor.ofVoid;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import module dev.volokno;

import dev.volokno.fiber.Channel;
import dev.volokno.foreign.Watch; // by name: there is an example of that name beside this one
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

void main(String... args) throws Exception {
    if (args.length != 1) {
        IO.println(
                "usage: ForeignLibrary FILE, such as ./libtoy.so; docs/foreign.md says how to make it");
        System.exit(2);
    }
    var library = SharedLibrary.of(args[0], "libtoy1").versions("1.0", "1.0");
    library.load(() -> Toy.version(library));
    Loop.run(() -> {
        try (var driver = Driver.start("toy", (_, upcalls) -> new Toy(library, upcalls))) {
            Channel<String> words = driver.call(toy -> toy.words);
            driver.call(toy -> toy.say("hello"));
            IO.println("the library says " + words.receive());
        }
    });
}

/** One handle of the library's. */
static final class Toy implements Driven {
    final Channel<String> words = Channel.bounded(100);
    private final MethodHandle socket, read, say, close;
    private final MemorySegment handle;

    Toy(SharedLibrary library, Upcalls upcalls) {
        var ofHandle = FunctionDescriptor.of(JAVA_INT, ADDRESS);
        socket = library.function("toy_socket", ofHandle);
        read = library.function("toy_read", ofHandle);
        say = library.function("toy_say", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
        close = library.function("toy_close", ofVoid(ADDRESS));
        var open = library.function("toy_open", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS));
        var onWord =
                upcalls.pointer(MethodHandles.lookup(), this, "onWord", ofVoid(ADDRESS, ADDRESS));
        handle = (MemorySegment) call(open, onWord, MemorySegment.NULL);
    }

    /** Called by C: keeps what came, and never waits. */
    void onWord(MemorySegment word, MemorySegment user) {
        words.trySend(CString.at(word, ""));
    }

    /** Before each sleep: a library that never says what it wants is asked. */
    @Override
    public void prepare(Watch watch) {
        watch.clear();
        if (words.size() < 50) {
            watch.on((int) call(socket, handle), Set.of(Fd.Condition.READABLE));
        } else {
            watch.callAfter(Duration.ofMillis(5)); // a slow reader holds the library back
        }
    }

    @Override
    public void ready(int fd, Set<Fd.Condition> conditions) throws IOException {
        if ((int) call(read, handle) < 0) {
            throw new IOException("toy_read failed");
        }
    }

    @Override
    public void due() {} // prepare() is called after it, and looks whether there is room again

    @Override
    public void end(Optional<Throwable> failure) {
        call(close, handle);
        words.close();
    }

    boolean say(String word) {
        try (var arena = Arena.ofConfined()) {
            return (int) call(say, handle, CString.of(arena, word)) == 0;
        }
    }

    static String version(SharedLibrary library) {
        var version = library.function("toy_version", FunctionDescriptor.of(ADDRESS));
        return CString.at((MemorySegment) call(version), "0");
    }

    private static Object call(MethodHandle function, Object... arguments) {
        try {
            return function.invokeWithArguments(arguments);
        } catch (Throwable t) {
            throw new AssertionError(function + " cannot be called", t);
        }
    }
}
