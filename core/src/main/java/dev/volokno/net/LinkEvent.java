package dev.volokno.net;

import dev.volokno.backend.Kernel;
import dev.volokno.linux.Netlink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/**
 * A network interface as it is now; told when it has come, changed, or gone (rtnetlink(7)).
 *
 * @param index its number
 * @param name its name, such as {@code eth0}
 * @param mtu how many bytes a packet may have
 * @param up whether it was switched on
 * @param running whether it also has a carrier: a cable, an access point
 * @param gone whether it is no more
 */
public record LinkEvent(
        int index, String name, int mtu, boolean up, boolean running, boolean gone) {
    private static final int LONGEST = 32 * 1024;
    private static final int DONE = 1;
    private static final int TORN = 2;

    /** Listens to changes of this network namespace's interfaces; needs no privilege. */
    public static NetlinkEvents<LinkEvent> listen() throws IOException {
        return NetlinkEvents.open(NetlinkSocket.ROUTE, Netlink.RTMGRP_LINK, LinkEvent::parse);
    }

    /**
     * All interfaces as they are now. Whoever wants to miss no change {@linkplain #listen listens}
     * before he asks. Parks for a moment.
     */
    public static List<LinkEvent> current() throws IOException {
        try (NetlinkSocket socket = NetlinkSocket.open(NetlinkSocket.ROUTE, 0)) {
            Optional<List<LinkEvent>> links = dump(socket);
            while (links.isEmpty()) {
                links = dump(socket);
            }
            return links.get();
        }
    }

    /** Asks for all of them; empty if the list is torn, because one came or went meanwhile. */
    private static Optional<List<LinkEvent>> dump(NetlinkSocket socket) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(LONGEST).order(ByteOrder.nativeOrder());
        int length = Netlink.HEADER_SIZE + Netlink.LINK_SIZE;
        buffer.putInt(0, length)
                .putShort(Netlink.HEADER_TYPE, (short) Netlink.RTM_GETLINK)
                .putShort(
                        Netlink.HEADER_FLAGS, (short) (Netlink.NLM_F_REQUEST | Netlink.NLM_F_DUMP));
        socket.send(buffer.limit(length));
        var links = new ArrayDeque<LinkEvent>();
        int seen = 0;
        while ((seen & DONE) == 0) {
            if (socket.receive(buffer.clear()).fromKernel()) {
                seen |= parse(buffer.flip(), links, socket);
            }
        }
        return (seen & TORN) == 0 ? Optional.of(List.copyOf(links)) : Optional.empty();
    }

    private static int parse(ByteBuffer datagram, Queue<LinkEvent> told, NetlinkSocket socket)
            throws IOException {
        int seen = 0;
        while (datagram.remaining() >= Netlink.HEADER_SIZE) {
            ByteBuffer message = nextMessage(datagram);
            int type = message.getShort(Netlink.HEADER_TYPE);
            if (type == Netlink.NLMSG_ERROR) {
                int result = message.getInt(Netlink.HEADER_SIZE);
                throw Kernel.failure("RTM_GETLINK", result, socket.toString());
            }
            seen |= type == Netlink.NLMSG_DONE ? DONE : 0;
            seen |=
                    (message.getShort(Netlink.HEADER_FLAGS) & Netlink.NLM_F_DUMP_INTR) == 0
                            ? 0
                            : TORN;
            add(message, told);
        }
        return seen;
    }

    static void parse(ByteBuffer datagram, Queue<LinkEvent> told) {
        while (datagram.remaining() >= Netlink.HEADER_SIZE) {
            add(nextMessage(datagram), told);
        }
    }

    /** Cuts off the first message; its length is never believed beyond the datagram. */
    private static ByteBuffer nextMessage(ByteBuffer datagram) {
        int start = datagram.position();
        int length = cut(datagram.getInt(start), Netlink.HEADER_SIZE, datagram.remaining());
        datagram.position(start + aligned(length, datagram.remaining()));
        return datagram.slice(start, length).order(ByteOrder.nativeOrder());
    }

    private static void add(ByteBuffer message, Queue<LinkEvent> told) {
        int type = message.getShort(Netlink.HEADER_TYPE);
        boolean gone = type == Netlink.RTM_DELLINK;
        int body = Netlink.HEADER_SIZE;
        if ((!gone && type != Netlink.RTM_NEWLINK) || message.limit() < body + Netlink.LINK_SIZE) {
            return;
        }
        String name = "";
        int mtu = 0;
        message.position(body + Netlink.LINK_SIZE);
        while (message.remaining() >= Netlink.ATTRIBUTE_SIZE) {
            int start = message.position();
            int length =
                    cut(
                            Short.toUnsignedInt(message.getShort(start)),
                            Netlink.ATTRIBUTE_SIZE,
                            message.remaining());
            int value = start + Netlink.ATTRIBUTE_SIZE;
            switch (message.getShort(start + Netlink.ATTRIBUTE_TYPE)) {
                case Netlink.IFLA_IFNAME ->
                        name = text(message.slice(value, start + length - value));
                case Netlink.IFLA_MTU ->
                        mtu = start + length < value + Integer.BYTES ? 0 : message.getInt(value);
                default -> {}
            }
            message.position(start + aligned(length, message.remaining()));
        }
        int flags = message.getInt(body + Netlink.LINK_FLAGS);
        told.add(
                new LinkEvent(
                        message.getInt(body + Netlink.LINK_INDEX),
                        name,
                        mtu,
                        (flags & Netlink.IFF_UP) != 0,
                        (flags & Netlink.IFF_RUNNING) != 0,
                        gone));
    }

    private static int cut(int length, int least, int room) {
        return Math.min(Math.max(length, least), room);
    }

    private static int aligned(int length, int room) {
        int mask = Netlink.NLMSG_ALIGNTO - 1;
        return Math.min((length + mask) & ~mask, room);
    }

    /** A name, without the zero at its end. */
    private static String text(ByteBuffer bytes) {
        String text = StandardCharsets.UTF_8.decode(bytes).toString();
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }
}
