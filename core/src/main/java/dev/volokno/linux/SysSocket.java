package dev.volokno.linux;

import static dev.volokno.linux.Native.ADDRESS_OF_HEAP;
import static dev.volokno.linux.Native.INT;
import static dev.volokno.linux.Native.LONG;
import static dev.volokno.linux.Native.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@code <sys/socket.h>}. */
public final class SysSocket {
    public static final int AF_UNIX = 1;
    public static final int AF_INET = 2;
    public static final int AF_INET6 = 10;
    public static final int AF_NETLINK = 16;
    public static final int AF_VSOCK = 40;

    public static final int SOCK_STREAM = 1;
    public static final int SOCK_DGRAM = 2;
    public static final int SOCK_RAW = 3;
    public static final int SOCK_SEQPACKET = 5;
    public static final int SOCK_NONBLOCK = Fcntl.O_NONBLOCK;
    public static final int SOCK_CLOEXEC = Fcntl.O_CLOEXEC;

    public static final int SOL_SOCKET = 1;
    public static final int SO_REUSEADDR = 2;
    public static final int SO_TYPE = 3;
    public static final int SO_ERROR = 4;
    public static final int SO_BROADCAST = 6;
    public static final int SO_SNDBUF = 7;
    public static final int SO_RCVBUF = 8;
    public static final int SO_KEEPALIVE = 9;
    public static final int SO_OOBINLINE = 10;
    public static final int SO_PRIORITY = 12;
    public static final int SO_LINGER = 13;
    public static final int SO_REUSEPORT = 15;
    public static final int SO_PASSCRED = 16;
    public static final int SO_PEERCRED = 17;
    public static final int SO_RCVLOWAT = 18;
    public static final int SO_BINDTODEVICE = 25;
    public static final int SO_ACCEPTCONN = 30;
    public static final int SO_RCVBUFFORCE = 33;
    public static final int SO_TIMESTAMPNS = 35;
    public static final int SO_MARK = 36;
    public static final int SO_PROTOCOL = 38;
    public static final int SO_DOMAIN = 39;

    /** Since 6.5. */
    public static final int SO_PASSPIDFD = 76;

    /** Since 6.5. */
    public static final int SO_PEERPIDFD = 77;

    public static final int MSG_OOB = 0x1;
    public static final int MSG_PEEK = 0x2;
    public static final int MSG_CTRUNC = 0x8;
    public static final int MSG_TRUNC = 0x20;
    public static final int MSG_DONTWAIT = 0x40;
    public static final int MSG_WAITALL = 0x100;
    public static final int MSG_ERRQUEUE = 0x2000;
    public static final int MSG_NOSIGNAL = 0x4000;
    public static final int MSG_CMSG_CLOEXEC = 0x4000_0000;

    public static final int SCM_RIGHTS = 1;
    public static final int SCM_CREDENTIALS = 2;

    /** Since 6.5. */
    public static final int SCM_PIDFD = 4;

    public static final int SHUT_RD = 0;
    public static final int SHUT_WR = 1;
    public static final int SHUT_RDWR = 2;

    private static final MethodHandle SOCKET = Native.capturing("socket", INT, INT, INT, INT);
    private static final MethodHandle SOCKETPAIR =
            Native.capturing("socketpair", INT, INT, INT, INT, POINTER);
    private static final MethodHandle BIND = Native.capturing("bind", INT, INT, POINTER, INT);
    private static final MethodHandle LISTEN = Native.capturing("listen", INT, INT, INT);
    private static final MethodHandle ACCEPT4 =
            Native.capturing("accept4", INT, INT, POINTER, POINTER, INT);
    private static final MethodHandle CONNECT = Native.capturing("connect", INT, INT, POINTER, INT);
    private static final MethodHandle SHUTDOWN = Native.capturing("shutdown", INT, INT, INT);
    private static final MethodHandle RECV =
            Native.capturing("recv", LONG, INT, POINTER, LONG, INT);
    private static final MethodHandle RECV_HEAP =
            Native.onHeap("recv", LONG, INT, ADDRESS_OF_HEAP, LONG, INT);
    private static final MethodHandle SEND =
            Native.capturing("send", LONG, INT, POINTER, LONG, INT);
    private static final MethodHandle SEND_HEAP =
            Native.onHeap("send", LONG, INT, ADDRESS_OF_HEAP, LONG, INT);
    private static final MethodHandle RECVMSG =
            Native.capturing("recvmsg", LONG, INT, POINTER, INT);
    private static final MethodHandle SENDMSG =
            Native.capturing("sendmsg", LONG, INT, POINTER, INT);
    private static final MethodHandle RECVMMSG =
            Native.capturing("recvmmsg", INT, INT, POINTER, INT, INT, POINTER);
    private static final MethodHandle SENDMMSG =
            Native.capturing("sendmmsg", INT, INT, POINTER, INT, INT);
    private static final MethodHandle GETSOCKNAME =
            Native.capturing("getsockname", INT, INT, POINTER, POINTER);
    private static final MethodHandle GETPEERNAME =
            Native.capturing("getpeername", INT, INT, POINTER, POINTER);
    private static final MethodHandle SETSOCKOPT =
            Native.capturing("setsockopt", INT, INT, INT, INT, POINTER, INT);
    private static final MethodHandle GETSOCKOPT =
            Native.capturing("getsockopt", INT, INT, INT, INT, POINTER, POINTER);

    private SysSocket() {}

    public static int socket(MemorySegment errno, int domain, int type, int protocol) {
        try {
            return Native.result((int) SOCKET.invokeExact(errno, domain, type, protocol), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** {@code numbers} receives two {@code int}s. */
    public static int socketpair(MemorySegment errno, int domain, int type, long numbers) {
        try {
            return Native.result(
                    (int) SOCKETPAIR.invokeExact(errno, domain, type, 0, numbers), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static int bind(MemorySegment errno, int fd, long address, int length) {
        try {
            return Native.result((int) BIND.invokeExact(errno, fd, address, length), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static int listen(MemorySegment errno, int fd, int backlog) {
        try {
            return Native.result((int) LISTEN.invokeExact(errno, fd, backlog), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** {@code address} and {@code length} may be 0: the peer's address is not wanted. */
    public static int accept4(MemorySegment errno, int fd, long address, long length, int flags) {
        try {
            return Native.result(
                    (int) ACCEPT4.invokeExact(errno, fd, address, length, flags), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static int connect(MemorySegment errno, int fd, long address, int length) {
        try {
            return Native.result((int) CONNECT.invokeExact(errno, fd, address, length), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static int shutdown(MemorySegment errno, int fd, int how) {
        try {
            return Native.result((int) SHUTDOWN.invokeExact(errno, fd, how), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static long recv(MemorySegment errno, int fd, long address, long length, int flags) {
        try {
            return Native.result((long) RECV.invokeExact(errno, fd, address, length, flags), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** {@code heap} is (a part of) a Java array; {@code flags} must have {@link #MSG_DONTWAIT}. */
    public static long recv(MemorySegment errno, int fd, MemorySegment heap, int flags) {
        try {
            return Native.result(
                    (long) RECV_HEAP.invokeExact(errno, fd, heap, heap.byteSize(), flags), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static long send(MemorySegment errno, int fd, long address, long length, int flags) {
        try {
            return Native.result((long) SEND.invokeExact(errno, fd, address, length, flags), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** {@code heap} is (a part of) a Java array; {@code flags} must have {@link #MSG_DONTWAIT}. */
    public static long send(MemorySegment errno, int fd, MemorySegment heap, int flags) {
        try {
            return Native.result(
                    (long) SEND_HEAP.invokeExact(errno, fd, heap, heap.byteSize(), flags), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static long recvmsg(MemorySegment errno, int fd, long msghdr, int flags) {
        try {
            return Native.result((long) RECVMSG.invokeExact(errno, fd, msghdr, flags), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static long sendmsg(MemorySegment errno, int fd, long msghdr, int flags) {
        try {
            return Native.result((long) SENDMSG.invokeExact(errno, fd, msghdr, flags), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** Without a timeout, which must not be: {@code flags} must have {@link #MSG_DONTWAIT}. */
    public static int recvmmsg(MemorySegment errno, int fd, long messages, int count, int flags) {
        try {
            return Native.result(
                    (int) RECVMMSG.invokeExact(errno, fd, messages, count, flags, 0L), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static int sendmmsg(MemorySegment errno, int fd, long messages, int count, int flags) {
        try {
            return Native.result(
                    (int) SENDMMSG.invokeExact(errno, fd, messages, count, flags), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static int getsockname(MemorySegment errno, int fd, long address, long length) {
        try {
            return Native.result((int) GETSOCKNAME.invokeExact(errno, fd, address, length), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static int getpeername(MemorySegment errno, int fd, long address, long length) {
        try {
            return Native.result((int) GETPEERNAME.invokeExact(errno, fd, address, length), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static int setsockopt(
            MemorySegment errno, int fd, SocketOption option, long value, int length) {
        try {
            return Native.result(
                    (int)
                            SETSOCKOPT.invokeExact(
                                    errno, fd, option.level(), option.name(), value, length),
                    errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** {@code length} is the address of an {@code int} that holds the room at {@code value}. */
    public static int getsockopt(
            MemorySegment errno, int fd, SocketOption option, long value, long length) {
        try {
            return Native.result(
                    (int)
                            GETSOCKOPT.invokeExact(
                                    errno, fd, option.level(), option.name(), value, length),
                    errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** Where setsockopt(2) finds an option. */
    public record SocketOption(int level, int name) {}
}
