package dev.volokno.linux;

/**
 * {@code <linux/netlink.h>}, {@code <linux/rtnetlink.h>} and the flags of {@code <linux/if.h>}: the
 * layout of messages between the kernel and others (netlink(7), rtnetlink(7)).
 */
public final class Netlink {
    public static final int NETLINK_ROUTE = 0;
    public static final int NETLINK_KOBJECT_UEVENT = 15;

    public static final int SOL_NETLINK = 270;
    public static final int NETLINK_ADD_MEMBERSHIP = 1;
    public static final int NETLINK_DROP_MEMBERSHIP = 2;

    // struct sockaddr_nl
    public static final int ADDRESS_PORT = 4;
    public static final int ADDRESS_GROUPS = 8;
    public static final int ADDRESS_SIZE = 12;

    // struct nlmsghdr
    public static final int HEADER_TYPE = 4;
    public static final int HEADER_FLAGS = 6;
    public static final int HEADER_SEQUENCE = 8;
    public static final int HEADER_SIZE = 16;

    public static final int NLM_F_REQUEST = 1;
    public static final int NLM_F_DUMP_INTR = 0x10;
    public static final int NLM_F_DUMP = 0x300;
    public static final int NLMSG_ERROR = 2;
    public static final int NLMSG_DONE = 3;
    public static final int NLMSG_ALIGNTO = 4;

    public static final int RTMGRP_LINK = 1;
    public static final int RTM_NEWLINK = 16;
    public static final int RTM_DELLINK = 17;
    public static final int RTM_GETLINK = 18;

    // struct ifinfomsg
    public static final int LINK_INDEX = 4;
    public static final int LINK_FLAGS = 8;
    public static final int LINK_SIZE = 16;

    public static final int IFF_UP = 1;
    public static final int IFF_RUNNING = 0x40;

    // struct rtattr
    public static final int ATTRIBUTE_TYPE = 2;
    public static final int ATTRIBUTE_SIZE = 4;
    public static final int IFLA_IFNAME = 3;
    public static final int IFLA_MTU = 4;

    private Netlink() {}
}
