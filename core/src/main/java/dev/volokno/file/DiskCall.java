package dev.volokno.file;

import dev.volokno.backend.DirectOperation;
import dev.volokno.backend.Kernel;
import dev.volokno.backend.Pool;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.engine.Engine;
import dev.volokno.engine.WorkerCalls;
import dev.volokno.linux.Unistd;
import dev.volokno.loop.Loop;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Calls that may wait for a disk or a file server, on the threads for files. A cancelled waiter
 * leaves its call behind, so a call uses no memory but what it keeps reachable or allocates itself.
 */
final class DiskCall {
    private DiskCall() {}

    /** Makes a call on an open file, which it keeps open to its end: the result, not negative. */
    static long on(Descriptor file, String name, DirectOperation.Call call) throws IOException {
        return on(file, name, call, _ -> {});
    }

    /** Like the other; {@code late} gets a result that nobody waits for any more. */
    static long on(Descriptor file, String name, DirectOperation.Call call, LongConsumer late)
            throws IOException {
        file.enter();
        var operation =
                DirectOperation.onDisk(file.handle(), name, call)
                        .endingIn(result -> {
                            file.leave();
                            late.accept(result);
                        });
        try {
            return file.perform(operation);
        } finally {
            if (!operation.isLeftBehind()) {
                file.leave();
            }
        }
    }

    /** Makes a call on two open files, which it keeps open to its end. */
    static long on(Descriptor file, Descriptor other, String name, OnTwoFiles call)
            throws IOException {
        other.enter();
        int number = other.number();
        Runnable leave =
                () -> {
                    file.leave();
                    other.leave();
                };
        DirectOperation.Call body = (errno, own) -> call.make(errno, own, number);
        try {
            file.enter();
        } catch (IOException e) {
            other.leave();
            throw e;
        }
        var operation =
                DirectOperation.onDisk(file.handle(), name, body).endingIn(_ -> leave.run());
        try {
            return file.perform(operation);
        } finally {
            if (!operation.isLeftBehind()) {
                leave.run();
            }
        }
    }

    /** Makes a call on a path: the result, not negative. */
    static long on(Path path, String name, OnPath call) throws IOException {
        MemorySegment bytes = PathName.of(path);
        return on(
                path,
                null,
                name,
                errno -> {
                    try {
                        return call.make(errno, bytes.address());
                    } finally {
                        Reference.reachabilityFence(bytes);
                    }
                });
    }

    /** Makes a call on two paths. */
    static long on(Path path, Path other, String name, OnTwoPaths call) throws IOException {
        MemorySegment bytes = PathName.of(path);
        MemorySegment others = PathName.of(other);
        return on(
                path,
                other,
                name,
                errno -> {
                    try {
                        return call.make(errno, bytes.address(), others.address());
                    } finally {
                        Reference.reachabilityFence(bytes);
                        Reference.reachabilityFence(others);
                    }
                });
    }

    private static long on(Path path, @Nullable Path other, String name, WorkerCalls.Call call)
            throws IOException {
        DirectOperation.Call body = (errno, none) -> call.make(errno);
        long result = make(Loop.current().engine(), name, body, _ -> {});
        if (result < 0) {
            throw FileFailure.of(name, result, path, other);
        }
        return result;
    }

    /** A call on two open files. */
    @FunctionalInterface
    interface OnTwoFiles {
        long make(MemorySegment errno, int file, int other);
    }

    /** A call on a path, which is the address of a C string. */
    @FunctionalInterface
    interface OnPath {
        long make(MemorySegment errno, long path);
    }

    /** A call on two paths. */
    @FunctionalInterface
    interface OnTwoPaths {
        long make(MemorySegment errno, long path, long other);
    }

    /** Makes a call: its result, or the negated errno. */
    static long make(Engine engine, String name, DirectOperation.Call call, LongConsumer late)
            throws IOException {
        long result = engine.perform(DirectOperation.onDisk(null, name, call).endingIn(late));
        Descriptor.throwIfEnded(result, false);
        return result;
    }

    /** It was opened after all, when nobody waited for that any more. */
    static void closeUnwanted(Engine engine, long number) {
        if (number < 0) {
            return;
        }
        if (!engine.isEnded()) {
            engine.workers().call(Pool.FILES, errno -> Unistd.close(errno, (int) number), _ -> {});
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            Unistd.close(Kernel.newErrno(arena), (int) number);
        }
    }
}
