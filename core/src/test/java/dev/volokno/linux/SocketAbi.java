package dev.volokno.linux;

import static dev.volokno.linux.AbiTable.offset;
import static dev.volokno.linux.AbiTable.size;

import java.util.List;
import java.util.Map;

/** Sockets: options, control messages, addresses of every family. */
final class SocketAbi {
    private static final String MSGHDR = "struct msghdr";
    private static final String CMSGHDR = "struct cmsghdr";

    static final AbiTable TABLE =
            new AbiTable(
                    List.of("sys/un.h", "linux/sockios.h"),
                    List.of(
                            "dev.volokno.backend.MessageHeader",
                            "dev.volokno.net.PassedRights",
                            "dev.volokno.net.UnixAddress"),
                    Map.ofEntries(
                            offset("MessageHeader.NAME", MSGHDR, "msg_name"),
                            offset("MessageHeader.NAMELEN", MSGHDR, "msg_namelen"),
                            offset("MessageHeader.IOV", MSGHDR, "msg_iov"),
                            offset("MessageHeader.IOVLEN", MSGHDR, "msg_iovlen"),
                            offset("MessageHeader.CONTROL", MSGHDR, "msg_control"),
                            offset("MessageHeader.CONTROLLEN", MSGHDR, "msg_controllen"),
                            offset("MessageHeader.FLAGS", MSGHDR, "msg_flags"),
                            size("MessageHeader.SIZE", MSGHDR),
                            size("MessageHeader.IOVEC_SIZE", "struct iovec"),
                            offset("PassedRights.LEVEL", CMSGHDR, "cmsg_level"),
                            offset("PassedRights.TYPE", CMSGHDR, "cmsg_type"),
                            size("PassedRights.DATA", CMSGHDR),
                            offset("PassedRights.UCRED_UID", "struct ucred", "uid"),
                            offset("PassedRights.UCRED_GID", "struct ucred", "gid"),
                            size("PassedRights.UCRED_SIZE", "struct ucred"),
                            size("UnixAddress.SIZE", "struct sockaddr_un"),
                            offset("UnixAddress.PATH", "struct sockaddr_un", "sun_path"),
                            Map.entry(
                                    "UnixAddress.SUN_PATH_SIZE",
                                    "sizeof(((struct sockaddr_un *) 0)->sun_path)"),
                            Map.entry("Unistd.IOV_MAX", "__IOV_MAX"),
                            // Newer than the headers that most machines have: 6.5.
                            Map.entry("SysSocket.SO_PASSPIDFD", "76"),
                            Map.entry("SysSocket.SO_PEERPIDFD", "77"),
                            Map.entry("SysSocket.SCM_PIDFD", "4")),
                    Map.of(),
                    List.of("UnixAddress.LONGEST", "UnixAddress.serialVersionUID"));

    private SocketAbi() {}
}
