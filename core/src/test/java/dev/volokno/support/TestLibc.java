package dev.volokno.support;

import dev.volokno.backend.Kernel;
import dev.volokno.linux.Fcntl;
import dev.volokno.linux.Poll;
import dev.volokno.linux.SysIoctl;
import dev.volokno.linux.SysSocket;
import dev.volokno.linux.SysSocket.SocketOption;
import dev.volokno.linux.Unistd;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.function.ToLongBiFunction;

/** Calls of the C library as a test makes them: on numbers, without the library's care. */
public final class TestLibc {
    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;
    private static final int FIONREAD = 0x541b;
    private static final int MSG_OOB = 1;
    private static final SocketOption SEND_BUFFER = new SocketOption(1, 7);
    private static final SocketOption RECEIVE_BUFFER = new SocketOption(1, 8);
    private static final SocketOption LINGER = new SocketOption(1, 13);

    @SuppressWarnings("restricted") // the library's own call does not wait
    private static final MethodHandle POLL =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().findOrThrow("poll"),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.JAVA_INT));

    private TestLibc() {}

    /** Two connected UNIX stream sockets, blocking. */
    public static int[] socketpair() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pair = arena.allocate(ValueLayout.JAVA_INT, 2);
            long address = pair.address();
            check(SysSocket.socketpair(Kernel.newErrno(arena), AF_UNIX, SOCK_STREAM, address));
            return pair.toArray(ValueLayout.JAVA_INT);
        }
    }

    /** A blocking socket, connected to {@code address} by the calling thread itself. */
    public static int connect(MemorySegment address, int family) {
        return call((errno, arena) -> {
            int number = check(SysSocket.socket(errno, family, SOCK_STREAM, 0));
            int length = (int) address.byteSize();
            check(SysSocket.connect(errno, number, address.address(), length));
            return number;
        });
    }

    /** From now on closing sends a reset. */
    public static int resetOnClose(int socket) {
        return call((errno, arena) -> {
            long linger = arena.allocateFrom(ValueLayout.JAVA_INT, 1, 0).address();
            return SysSocket.setsockopt(errno, socket, LINGER, linger, 8);
        });
    }

    /** The kernel shall not take megabytes before anybody reads. */
    static int smallBuffers(int socket) {
        return call((errno, arena) -> {
            long size = arena.allocateFrom(ValueLayout.JAVA_INT, 65_536).address();
            int sending = SysSocket.setsockopt(errno, socket, SEND_BUFFER, size, 4);
            return sending + SysSocket.setsockopt(errno, socket, RECEIVE_BUFFER, size, 4);
        });
    }

    /** From now on a listener takes one connection before it is accepted, and answers no other. */
    public static int smallestBacklog(int listener) {
        return call((errno, arena) -> SysSocket.listen(errno, listener, 0));
    }

    /** Sends one byte of urgent data. */
    public static int sendUrgent(int socket) {
        return call((errno, arena) ->
                SysSocket.send(errno, socket, arena.allocate(1).address(), 1, MSG_OOB));
    }

    /** poll(2) for input, blocking the thread for up to {@code millis}: whether there is some. */
    public static boolean pollForInput(int number, int millis) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment entry = arena.allocate(8, 4);
            entry.set(ValueLayout.JAVA_INT, 0, number);
            entry.set(ValueLayout.JAVA_SHORT, 4, (short) Poll.POLLIN);
            // Interrupted by a signal of the JVM's: the caller looks, and comes again.
            return (int) POLL.invokeExact(entry, 1L, millis) != 0;
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    /** How many bytes a read would find. */
    public static int waitingBytes(int number) {
        return call((errno, arena) -> {
            MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
            check(SysIoctl.ioctl(errno, number, FIONREAD, count.address()));
            return count.get(ValueLayout.JAVA_INT, 0);
        });
    }

    /** Reads one byte, blocking the thread: how many came. */
    public static int readByte(int number) {
        return call((errno, arena) -> Unistd.read(errno, number, arena.allocate(1).address(), 1));
    }

    /** Writes one byte, blocking the thread. */
    public static int writeByte(int number) {
        return call((errno, arena) -> Unistd.write(errno, number, arena.allocate(1).address(), 1));
    }

    public static int open(String path, int flags) {
        return call(
                (errno, arena) -> Fcntl.open(errno, arena.allocateFrom(path).address(), flags, 0));
    }

    /** Another number for the same description: the first that is free, from {@code least} on. */
    public static int duplicate(int number, int least) {
        return fcntl(number, Fcntl.F_DUPFD_CLOEXEC, least);
    }

    public static int fcntl(int number, int command, int argument) {
        return call((errno, arena) -> Fcntl.fcntl(errno, number, command, argument));
    }

    public static int ioctl(int number, int request, MemorySegment argument) {
        return call((errno, arena) -> SysIoctl.ioctl(errno, number, request, argument.address()));
    }

    /** Closes a number: 0, or the negated errno. */
    public static int close(int number) {
        try (Arena arena = Arena.ofConfined()) {
            return Unistd.close(Kernel.newErrno(arena), number);
        }
    }

    private static int call(ToLongBiFunction<MemorySegment, Arena> body) {
        try (Arena arena = Arena.ofConfined()) {
            return check(body.applyAsLong(Kernel.newErrno(arena), arena));
        }
    }

    private static int check(long result) {
        if (result < 0) {
            throw new AssertionError("the call failed: " + result);
        }
        return (int) result;
    }
}
