package dev.volokno.mosquitto;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * TCP_CORK of tcp(7): what is written goes out when it is pulled, in few packets of the network.
 * The library writes each message by a system call of its own, of which the network's part is the
 * dearest. Where it cannot be set nothing is lost but time.
 */
final class Cork {
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_CORK = 3;

    /** Of the C library, on which libmosquitto stands. */
    private static final MethodHandle SETSOCKOPT =
            Libmosquitto.ofInt("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);

    private static final MemorySegment ON = Arena.global().allocateFrom(JAVA_INT, 1);
    private static final MemorySegment OFF = Arena.global().allocateFrom(JAVA_INT, 0);

    private Cork() {}

    static void put(int socket) {
        set(socket, ON);
    }

    static void pull(int socket) {
        set(socket, OFF);
    }

    private static void set(int socket, MemorySegment value) {
        try {
            int _ =
                    (int)
                            SETSOCKOPT.invokeExact(
                                    socket, IPPROTO_TCP, TCP_CORK, value, Integer.BYTES);
        } catch (Throwable t) {
            throw Libmosquitto.unexpected(t);
        }
    }
}
