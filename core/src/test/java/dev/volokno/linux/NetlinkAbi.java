package dev.volokno.linux;

import static dev.volokno.linux.AbiTable.offset;
import static dev.volokno.linux.AbiTable.size;

import java.util.List;
import java.util.Map;

/** Netlink, names, datagrams, and addresses of virtual machines. */
final class NetlinkAbi {
    private static final String ADDRESS = "struct sockaddr_nl";
    private static final String HEADER = "struct nlmsghdr";
    private static final String LINK = "struct ifinfomsg";
    private static final String GROUP = "struct group_req";
    private static final String SOURCE = "struct group_source_req";
    private static final String PKTINFO = "struct in_pktinfo";
    private static final String PKTINFO6 = "struct in6_pktinfo";
    private static final String ERROR = "struct sock_extended_err";
    private static final String CONTROL = "struct cmsghdr";
    private static final String FOUND = "struct addrinfo";
    private static final String ATTRIBUTE = "struct rtattr";

    static final AbiTable TABLE =
            new AbiTable(
                    List.of(
                            "netdb.h",
                            "netinet/udp.h",
                            "linux/errqueue.h",
                            "linux/netlink.h",
                            "linux/rtnetlink.h",
                            "linux/vm_sockets.h",
                            "linux/if.h"),
                    List.of(
                            "dev.volokno.backend.BatchOperation",
                            "dev.volokno.net.ControlMessages"),
                    Map.ofEntries(
                            offset("Netlink.ADDRESS_PORT", ADDRESS, "nl_pid"),
                            offset("Netlink.ADDRESS_GROUPS", ADDRESS, "nl_groups"),
                            size("Netlink.ADDRESS_SIZE", ADDRESS),
                            offset("Netlink.HEADER_TYPE", HEADER, "nlmsg_type"),
                            offset("Netlink.HEADER_FLAGS", HEADER, "nlmsg_flags"),
                            offset("Netlink.HEADER_SEQUENCE", HEADER, "nlmsg_seq"),
                            size("Netlink.HEADER_SIZE", HEADER),
                            offset("Netlink.LINK_INDEX", LINK, "ifi_index"),
                            offset("Netlink.LINK_FLAGS", LINK, "ifi_flags"),
                            size("Netlink.LINK_SIZE", LINK),
                            offset("Netlink.ATTRIBUTE_TYPE", ATTRIBUTE, "rta_type"),
                            size("Netlink.ATTRIBUTE_SIZE", ATTRIBUTE),
                            offset("NetinetIn.GROUP_ADDRESS", GROUP, "gr_group"),
                            size("NetinetIn.GROUP_SIZE", GROUP),
                            offset("NetinetIn.GROUP_SOURCE", SOURCE, "gsr_source"),
                            size("NetinetIn.GROUP_SOURCE_SIZE", SOURCE),
                            offset("NetinetIn.MREQN_INDEX", "struct ip_mreqn", "imr_ifindex"),
                            size("NetinetIn.MREQN_SIZE", "struct ip_mreqn"),
                            offset("NetinetIn.PKTINFO_LOCAL", PKTINFO, "ipi_spec_dst"),
                            offset("NetinetIn.PKTINFO_DESTINATION", PKTINFO, "ipi_addr"),
                            size("NetinetIn.PKTINFO_SIZE", PKTINFO),
                            offset("NetinetIn.PKTINFO6_INDEX", PKTINFO6, "ipi6_ifindex"),
                            size("NetinetIn.PKTINFO6_SIZE", PKTINFO6),
                            offset("VmSockets.ADDRESS_PORT", "struct sockaddr_vm", "svm_port"),
                            offset("VmSockets.ADDRESS_CID", "struct sockaddr_vm", "svm_cid"),
                            size("VmSockets.ADDRESS_SIZE", "struct sockaddr_vm"),
                            offset("ErrQueue.ERRNO", ERROR, "ee_errno"),
                            offset("ErrQueue.ORIGIN", ERROR, "ee_origin"),
                            offset("ErrQueue.TYPE", ERROR, "ee_type"),
                            offset("ErrQueue.CODE", ERROR, "ee_code"),
                            offset("ErrQueue.INFO", ERROR, "ee_info"),
                            size("ErrQueue.OFFENDER", ERROR),
                            size("BatchOperation.MESSAGE_SIZE", "struct mmsghdr"),
                            size("BatchOperation.VECTOR_SIZE", "struct iovec"),
                            offset("BatchOperation.MSG_LEN", "struct mmsghdr", "msg_len"),
                            Map.entry("BatchOperation.FLAGS", "(MSG_DONTWAIT | MSG_NOSIGNAL)"),
                            offset("ControlMessages.LEVEL", CONTROL, "cmsg_level"),
                            offset("ControlMessages.TYPE", CONTROL, "cmsg_type"),
                            size("ControlMessages.DATA", CONTROL),
                            size("ControlMessages.ALIGNMENT", "size_t"),
                            offset("Netdb.FLAGS", FOUND, "ai_flags"),
                            offset("Netdb.FAMILY", FOUND, "ai_family"),
                            offset("Netdb.SOCKTYPE", FOUND, "ai_socktype"),
                            offset("Netdb.ADDR", FOUND, "ai_addr"),
                            offset("Netdb.NEXT", FOUND, "ai_next"),
                            size("Netdb.ADDRINFO_SIZE", FOUND)),
                    Map.of(
                            "offsetof(struct mmsghdr, msg_hdr)", 0L,
                            "offsetof(struct cmsghdr, cmsg_len)", 0L,
                            "offsetof(struct group_source_req, gsr_group)", 8L,
                            "offsetof(struct sockaddr_nl, nl_family)", 0L,
                            "offsetof(struct sockaddr_vm, svm_family)", 0L,
                            "offsetof(struct nlmsghdr, nlmsg_len)", 0L,
                            "offsetof(struct rtattr, rta_len)", 0L,
                            "sizeof(((struct addrinfo *) 0)->ai_addrlen)", 4L),
                    List.of());

    private NetlinkAbi() {}
}
