package dev.volokno.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.volokno.backend.Kernel;
import dev.volokno.linux.SysSocket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** A service manager's ear: a UNIX datagram socket. */
public final class ServiceSocket implements AutoCloseable {
    private static final int LONGEST = 4096;

    private final int number;

    private ServiceSocket(int number) {
        this.number = number;
    }

    /** Listens on a path, or on an abstract name after {@code @}. */
    public static ServiceSocket bind(String address) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Kernel.newErrno(arena);
            int type = SysSocket.SOCK_DGRAM | SysSocket.SOCK_CLOEXEC;
            int number = SysSocket.socket(errno, SysSocket.AF_UNIX, type, 0);
            byte[] name = address.getBytes(UTF_8);
            MemorySegment sockaddr = arena.allocate(110, 2);
            sockaddr.set(ValueLayout.JAVA_SHORT, 0, (short) SysSocket.AF_UNIX);
            MemorySegment.copy(name, 0, sockaddr, ValueLayout.JAVA_BYTE, 2, name.length);
            if (name[0] == '@') {
                sockaddr.set(ValueLayout.JAVA_BYTE, 2, (byte) 0);
            }
            int bound = SysSocket.bind(errno, number, sockaddr.address(), 2 + name.length);
            if (bound < 0) {
                throw new AssertionError("bind: " + bound);
            }
            return new ServiceSocket(number);
        }
    }

    /** The next message; blocks the thread until there is one. */
    public String next() {
        String message = receive(0);
        if (message == null) {
            throw new AssertionError("recv failed");
        }
        return message;
    }

    /** All that are there now. */
    public List<String> drain() {
        var messages = new ArrayList<String>();
        String message = receive(SysSocket.MSG_DONTWAIT);
        while (message != null) {
            messages.add(message);
            message = receive(SysSocket.MSG_DONTWAIT);
        }
        return messages;
    }

    private String receive(int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(LONGEST);
            MemorySegment errno = Kernel.newErrno(arena);
            long count = SysSocket.recv(errno, number, buffer.address(), LONGEST, flags);
            return count < 0
                    ? null
                    : UTF_8.decode(buffer.asSlice(0, count).asByteBuffer()).toString();
        }
    }

    @Override
    public void close() {
        TestLibc.close(number);
    }
}
