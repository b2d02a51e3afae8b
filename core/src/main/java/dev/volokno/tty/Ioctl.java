package dev.volokno.tty;

import dev.volokno.backend.PollOperation;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.fiber.Deadline;
import dev.volokno.linux.Poll;
import dev.volokno.linux.SysIoctl;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;

/** ioctl(2) with a structure as its argument, and a rest between two of them. */
final class Ioctl {
    private Ioctl() {}

    static ByteBuffer structure(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
    }

    static ByteBuffer ofInt(int value) {
        return structure(Integer.BYTES).putInt(0, value);
    }

    /** Makes a call that may take a transfer on the bus, on a worker; returns the structure. */
    static ByteBuffer slow(Descriptor descriptor, String name, int request, ByteBuffer structure)
            throws IOException {
        descriptor.blockingCall(name, (errno, number) -> make(errno, number, request, structure));
        return structure;
    }

    /** Makes a call that only the driver's memory is asked by; returns the structure. */
    static ByteBuffer quick(Descriptor descriptor, String name, int request, ByteBuffer structure)
            throws IOException {
        descriptor.call(name, (errno, number) -> make(errno, number, request, structure));
        return structure;
    }

    /** Makes the call; what the kernel has changed is in {@code structure} afterwards. */
    static long make(MemorySegment errno, int number, int request, ByteBuffer structure) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = MemorySegment.ofBuffer(structure);
            MemorySegment argument = arena.allocate(bytes.byteSize(), Long.BYTES).copyFrom(bytes);
            int result = SysIoctl.ioctl(errno, number, request, argument.address());
            bytes.copyFrom(argument);
            return result;
        }
    }

    /**
     * Waits for {@code time}; a close and a hang-up end it early, unlike a sleep. For whoever is
     * inside {@code descriptor}.
     */
    static void rest(Descriptor descriptor, Duration time) throws IOException {
        // A terminal has no priority data, so only its end comes.
        var end = new PollOperation(descriptor.handle(), Poll.POLLPRI);
        Deadline.tryWithin(time, () -> descriptor.perform(end) >= 0);
    }
}
