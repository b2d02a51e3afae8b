package dev.volokno.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.volokno.backend.DirectOperation;
import dev.volokno.backend.Kernel;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Kind;
import dev.volokno.engine.Engine;
import dev.volokno.fd.ByteStream;
import dev.volokno.fd.Fd;
import dev.volokno.linux.SysSocket;
import dev.volokno.loop.Loop;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The UNIX datagram socket on which a service manager listens. */
final class NotifySocket {
    private static final int TYPE =
            SysSocket.SOCK_DGRAM | SysSocket.SOCK_NONBLOCK | SysSocket.SOCK_CLOEXEC;

    /** Where {@code struct sockaddr_un} has its path, and how long one can be. */
    private static final int SUN_PATH = 2;

    private static final int LONGEST_PATH = 107;

    private NotifySocket() {}

    /** A socket that sends to {@code address}: a path, or {@code @} and an abstract name. */
    static ByteStream connect(String address) throws IOException {
        byte[] name = address.getBytes(UTF_8);
        boolean known = name[0] == '/' || name[0] == '@';
        if (!known || name.length > LONGEST_PATH) {
            throw new IllegalArgumentException("NOTIFY_SOCKET=" + address + " is no UNIX socket");
        }
        Fd fd = open("notify socket " + address);
        try (Arena arena = Arena.ofShared()) {
            MemorySegment sockaddr = arena.allocate(SUN_PATH + LONGEST_PATH + 1, 2);
            sockaddr.set(ValueLayout.JAVA_SHORT, 0, (short) SysSocket.AF_UNIX);
            MemorySegment.copy(name, 0, sockaddr, ValueLayout.JAVA_BYTE, SUN_PATH, name.length);
            boolean isAbstract = name[0] == '@';
            if (isAbstract) {
                sockaddr.set(ValueLayout.JAVA_BYTE, SUN_PATH, (byte) 0);
            }
            // The length says where an abstract name ends, a zero where a path does.
            int length = SUN_PATH + name.length + (isAbstract ? 0 : 1);
            fd.descriptor()
                    .call(
                            "connect",
                            (errno, number) ->
                                    SysSocket.connect(errno, number, sockaddr.address(), length));
            return ByteStream.over(fd);
        } catch (IOException | RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    private static Fd open(String name) throws IOException {
        Engine engine = Loop.current().engine();
        long number =
                engine.perform(
                        DirectOperation.of(
                                "socket",
                                (errno, none) ->
                                        SysSocket.socket(errno, SysSocket.AF_UNIX, TYPE, 0)));
        return new Fd(
                Descriptor.opened(engine, Kernel.check("socket", number, name), Kind.SOCKET, name));
    }
}
