package dev.volokno.linux;

import static dev.volokno.linux.AbiTable.offset;
import static dev.volokno.linux.AbiTable.size;

import java.util.List;
import java.util.Map;

/** Rings, epoll, and what every kind of descriptor needs. */
final class BaseAbi {
    private static final String SQE = "struct io_uring_sqe";
    private static final String CQE = "struct io_uring_cqe";
    private static final String PARAMS = "struct io_uring_params";
    private static final String SQ_OFF = "struct io_sqring_offsets";
    private static final String CQ_OFF = "struct io_cqring_offsets";
    private static final String PROBE_OP = "struct io_uring_probe_op";
    private static final String TERMIOS2 = "struct termios2";
    private static final String MSGHDR = "struct msghdr";

    static final AbiTable TABLE =
            new AbiTable(
                    List.of(
                            "stddef.h",
                            "errno.h",
                            "fcntl.h",
                            "poll.h",
                            "time.h",
                            "sys/epoll.h",
                            "sys/eventfd.h",
                            "sys/ioctl.h",
                            "sys/mman.h",
                            "sys/socket.h",
                            "sys/stat.h",
                            "sys/syscall.h",
                            "sys/uio.h",
                            "netinet/in.h",
                            "netinet/tcp.h",
                            "asm/termbits.h",
                            "linux/io_uring.h"),
                    List.of(
                            "dev.volokno.backend.DatagramOperation",
                            "dev.volokno.net.SocketAddresses"),
                    Map.ofEntries(
                            size("Poll.POLLFD_SIZE", "struct pollfd"),
                            offset("Poll.EVENTS", "struct pollfd", "events"),
                            offset("Poll.REVENTS", "struct pollfd", "revents"),
                            size("SysEpoll.EVENT_SIZE", "struct epoll_event"),
                            offset("SysEpoll.DATA", "struct epoll_event", "data"),
                            size("Time.TIMESPEC_SIZE", "struct timespec"),
                            Map.entry("Time.NANOS_PER_SECOND", "1000000000"),
                            size("SysIoctl.WINSIZE_SIZE", "struct winsize"),
                            size("SysStat.STATX_SIZE", "struct statx"),
                            size("Termios.SIZE", TERMIOS2),
                            offset("Termios.IFLAG", TERMIOS2, "c_iflag"),
                            offset("Termios.OFLAG", TERMIOS2, "c_oflag"),
                            offset("Termios.CFLAG", TERMIOS2, "c_cflag"),
                            offset("Termios.LFLAG", TERMIOS2, "c_lflag"),
                            offset("Termios.CC", TERMIOS2, "c_cc"),
                            offset("Termios.ISPEED", TERMIOS2, "c_ispeed"),
                            offset("Termios.OSPEED", TERMIOS2, "c_ospeed"),
                            Map.entry(
                                    "IoUring.PROBE_SIZE",
                                    "sizeof(struct io_uring_probe) + 256 * sizeof("
                                            + PROBE_OP
                                            + ")"),
                            offset("IoUring.PROBE_OPS", "struct io_uring_probe", "ops"),
                            size("IoUring.PROBE_OP_SIZE", PROBE_OP),
                            offset("IoUring.PROBE_OP_FLAGS", PROBE_OP, "flags"),
                            Map.entry("IoUring.PROBE_OP_SUPPORTED", "IO_URING_OP_SUPPORTED"),
                            size("IoUring.SQE_SIZE", SQE),
                            offset("IoUring.SQE_OPCODE", SQE, "opcode"),
                            offset("IoUring.SQE_FLAGS", SQE, "flags"),
                            offset("IoUring.SQE_IOPRIO", SQE, "ioprio"),
                            offset("IoUring.SQE_FD", SQE, "fd"),
                            offset("IoUring.SQE_OFF", SQE, "off"),
                            offset("IoUring.SQE_ADDR", SQE, "addr"),
                            offset("IoUring.SQE_LEN", SQE, "len"),
                            offset("IoUring.SQE_OP_FLAGS", SQE, "msg_flags"),
                            offset("IoUring.SQE_USER_DATA", SQE, "user_data"),
                            offset("IoUring.SQE_REST", SQE, "buf_index"),
                            size("IoUring.CQE_SIZE", CQE),
                            offset("IoUring.CQE_USER_DATA", CQE, "user_data"),
                            offset("IoUring.CQE_RES", CQE, "res"),
                            offset("IoUring.CQE_FLAGS", CQE, "flags"),
                            size("IoUring.PARAMS_SIZE", PARAMS),
                            offset("IoUring.PARAMS_SQ_ENTRIES", PARAMS, "sq_entries"),
                            offset("IoUring.PARAMS_CQ_ENTRIES", PARAMS, "cq_entries"),
                            offset("IoUring.PARAMS_FLAGS", PARAMS, "flags"),
                            offset("IoUring.PARAMS_FEATURES", PARAMS, "features"),
                            offset("IoUring.PARAMS_SQ_OFF", PARAMS, "sq_off"),
                            offset("IoUring.PARAMS_CQ_OFF", PARAMS, "cq_off"),
                            offset("IoUring.SQ_OFF_HEAD", SQ_OFF, "head"),
                            offset("IoUring.SQ_OFF_TAIL", SQ_OFF, "tail"),
                            offset("IoUring.SQ_OFF_RING_MASK", SQ_OFF, "ring_mask"),
                            offset("IoUring.SQ_OFF_FLAGS", SQ_OFF, "flags"),
                            offset("IoUring.SQ_OFF_ARRAY", SQ_OFF, "array"),
                            offset("IoUring.CQ_OFF_HEAD", CQ_OFF, "head"),
                            offset("IoUring.CQ_OFF_TAIL", CQ_OFF, "tail"),
                            offset("IoUring.CQ_OFF_RING_MASK", CQ_OFF, "ring_mask"),
                            offset("IoUring.CQ_OFF_CQES", CQ_OFF, "cqes"),
                            size("IoUring.GETEVENTS_ARG_SIZE", "struct io_uring_getevents_arg"),
                            offset(
                                    "IoUring.GETEVENTS_ARG_TIMESPEC",
                                    "struct io_uring_getevents_arg",
                                    "ts"),
                            size("DatagramOperation.NAME_CAPACITY", "struct sockaddr_storage"),
                            offset("DatagramOperation.MSG_NAME", MSGHDR, "msg_name"),
                            offset("DatagramOperation.MSG_NAMELEN", MSGHDR, "msg_namelen"),
                            offset("DatagramOperation.MSG_IOV", MSGHDR, "msg_iov"),
                            offset("DatagramOperation.MSG_IOVLEN", MSGHDR, "msg_iovlen"),
                            offset("DatagramOperation.MSG_CONTROL", MSGHDR, "msg_control"),
                            offset("DatagramOperation.MSG_CONTROLLEN", MSGHDR, "msg_controllen"),
                            offset("DatagramOperation.MSG_FLAGS", MSGHDR, "msg_flags"),
                            size("DatagramOperation.CMSG_DATA", "struct cmsghdr"),
                            Map.entry(
                                    "DatagramOperation.CALL_FLAGS",
                                    "(MSG_DONTWAIT | MSG_NOSIGNAL)"),
                            size("DatagramOperation.MSGHDR_SIZE", MSGHDR),
                            size("DatagramOperation.IOVEC_SIZE", "struct iovec"),
                            offset("SocketAddresses.IN_ADDRESS", "struct sockaddr_in", "sin_addr"),
                            size("SocketAddresses.IN_SIZE", "struct sockaddr_in"),
                            offset(
                                    "SocketAddresses.IN6_ADDRESS",
                                    "struct sockaddr_in6",
                                    "sin6_addr"),
                            offset(
                                    "SocketAddresses.IN6_SCOPE",
                                    "struct sockaddr_in6",
                                    "sin6_scope_id"),
                            size("SocketAddresses.IN6_SIZE", "struct sockaddr_in6")),
                    Map.of(
                            "offsetof(struct pollfd, fd)", 0L,
                            "offsetof(struct epoll_event, events)", 0L,
                            "offsetof(struct timespec, tv_sec)", 0L,
                            "offsetof(struct timespec, tv_nsec)", 8L,
                            "offsetof(struct iovec, iov_base)", 0L,
                            "offsetof(struct iovec, iov_len)", 8L,
                            "offsetof(struct sockaddr_in, sin_family)", 0L,
                            "offsetof(struct sockaddr_in, sin_port)", 2L,
                            "offsetof(struct sockaddr_in6, sin6_port)", 2L,
                            "sizeof(((struct msghdr *) 0)->msg_iovlen)", 8L),
                    List.of(
                            "DatagramOperation.CONTROL_CAPACITY",
                            "DatagramOperation.TRUNCATED",
                            "SocketAddresses.MAPPED_PREFIX"));

    private BaseAbi() {}
}
