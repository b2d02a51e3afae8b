package dev.volokno.fd;

import dev.volokno.backend.DirectOperation;
import dev.volokno.backend.Kernel;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Kind;
import dev.volokno.engine.Engine;
import dev.volokno.linux.Memory;
import dev.volokno.loop.Loop;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Calls that bring descriptors into the world, made on the current loop. */
final class Opening {
    private Opening() {}

    /** Makes a call that returns a new descriptor. */
    static Fd one(String name, Kind kind, DirectOperation.Call call) throws IOException {
        Engine engine = Loop.current().engine();
        long number = engine.perform(DirectOperation.of(name, call));
        return new Fd(
                Descriptor.opened(
                        engine, Kernel.check(name, number, "a new descriptor"), kind, ""));
    }

    /** Makes a call that stores two new descriptors at an address. */
    static Fd[] two(String name, Kind kind, PairCall call) throws IOException {
        Engine engine = Loop.current().engine();
        try (Arena arena = Arena.ofShared()) {
            long numbers = arena.allocate(8, 4).address();
            long result =
                    engine.perform(
                            DirectOperation.of(name, (errno, none) -> call.make(errno, numbers)));
            Kernel.check(name, result, "two new descriptors");
            return new Fd[] {
                new Fd(Descriptor.opened(engine, Memory.getInt(numbers), kind, "")),
                new Fd(Descriptor.opened(engine, Memory.getInt(numbers + 4), kind, ""))
            };
        }
    }

    /** A call that stores two descriptors. */
    interface PairCall {
        int make(MemorySegment errno, long numbers);
    }
}
