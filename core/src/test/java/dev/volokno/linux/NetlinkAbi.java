package dev.volokno.linux;

import static dev.volokno.linux.AbiTable.offset;
import static dev.volokno.linux.AbiTable.size;

import java.util.List;
import java.util.Map;

/** Netlink, names, and addresses of virtual machines. */
final class NetlinkAbi {
    private static final String ADDRESS = "struct sockaddr_nl";
    private static final String HEADER = "struct nlmsghdr";
    private static final String LINK = "struct ifinfomsg";
    private static final String FOUND = "struct addrinfo";
    private static final String ATTRIBUTE = "struct rtattr";

    static final AbiTable TABLE =
            new AbiTable(
                    List.of("netdb.h", "linux/netlink.h", "linux/rtnetlink.h", "linux/if.h"),
                    List.of(),
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
                            offset("Netdb.FLAGS", FOUND, "ai_flags"),
                            offset("Netdb.FAMILY", FOUND, "ai_family"),
                            offset("Netdb.SOCKTYPE", FOUND, "ai_socktype"),
                            offset("Netdb.ADDR", FOUND, "ai_addr"),
                            offset("Netdb.NEXT", FOUND, "ai_next"),
                            size("Netdb.ADDRINFO_SIZE", FOUND)),
                    Map.of(
                            "offsetof(struct sockaddr_nl, nl_family)", 0L,
                            "offsetof(struct nlmsghdr, nlmsg_len)", 0L,
                            "offsetof(struct rtattr, rta_len)", 0L,
                            "sizeof(((struct addrinfo *) 0)->ai_addrlen)", 4L),
                    List.of());

    private NetlinkAbi() {}
}
