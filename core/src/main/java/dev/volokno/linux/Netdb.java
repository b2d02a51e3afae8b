package dev.volokno.linux;

import static dev.volokno.linux.Native.INT;
import static dev.volokno.linux.Native.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Map;

/** {@code <netdb.h>}: names and addresses, as the system is configured to look them up. */
public final class Netdb {
    public static final int AI_ADDRCONFIG = 0x20;
    public static final int NI_NAMEREQD = 8;
    public static final int NI_MAXHOST = 1025;

    public static final int EAI_AGAIN = -3;
    public static final int EAI_SYSTEM = -11;

    // struct addrinfo
    public static final int FLAGS = 0;
    public static final int FAMILY = 4;
    public static final int SOCKTYPE = 8;
    public static final int ADDR = 24;
    public static final int NEXT = 40;
    public static final int ADDRINFO_SIZE = 48;

    private static final Map<Integer, String> NAMES =
            Map.ofEntries(
                    Map.entry(-1, "EAI_BADFLAGS"),
                    Map.entry(-2, "EAI_NONAME"),
                    Map.entry(EAI_AGAIN, "EAI_AGAIN"),
                    Map.entry(-4, "EAI_FAIL"),
                    Map.entry(-5, "EAI_NODATA"),
                    Map.entry(-6, "EAI_FAMILY"),
                    Map.entry(-7, "EAI_SOCKTYPE"),
                    Map.entry(-8, "EAI_SERVICE"),
                    Map.entry(-9, "EAI_ADDRFAMILY"),
                    Map.entry(-10, "EAI_MEMORY"),
                    Map.entry(EAI_SYSTEM, "EAI_SYSTEM"),
                    Map.entry(-12, "EAI_OVERFLOW"));

    private static final MethodHandle GETADDRINFO =
            Native.capturing("getaddrinfo", INT, POINTER, POINTER, POINTER, POINTER);
    private static final MethodHandle FREEADDRINFO = Native.ofNothing("freeaddrinfo", POINTER);
    private static final MethodHandle GETNAMEINFO =
            Native.capturing("getnameinfo", INT, POINTER, INT, POINTER, INT, POINTER, INT, INT);
    private static final MethodHandle GAI_STRERROR = Native.plain("gai_strerror", POINTER, INT);

    private Netdb() {}

    /**
     * Looks up a name: 0, an {@code EAI_} code, or, where that is {@link #EAI_SYSTEM}, the errno,
     * which is positive. {@code result} receives the address of a list to be freed.
     */
    public static int getaddrinfo(MemorySegment errno, long name, long hints, long result) {
        try {
            return code((int) GETADDRINFO.invokeExact(errno, name, 0L, hints, result), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static void freeaddrinfo(long list) {
        try {
            FREEADDRINFO.invokeExact(list);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** Looks up the name of an address, of which there must be one; returns as getaddrinfo does. */
    public static int getnameinfo(
            MemorySegment errno, long address, int length, long name, int room) {
        try {
            return code(
                    (int)
                            GETNAMEINFO.invokeExact(
                                    errno, address, length, name, room, 0L, 0, NI_NAMEREQD),
                    errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private static int code(int returned, MemorySegment errno) {
        return returned == EAI_SYSTEM ? -Native.result(-1, errno) : returned;
    }

    /** A code's name, such as {@code EAI_AGAIN}, or an errno's. */
    public static String nameOf(int code) {
        return code > 0 ? Errno.nameOf(-code) : NAMES.getOrDefault(code, "EAI " + code);
    }

    /** What glibc says of a code, or of an errno. */
    public static String messageOf(int code) {
        if (code > 0) {
            return Errno.messageOf(-code);
        }
        try {
            return Memory.getString((long) GAI_STRERROR.invokeExact(code));
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
