package dev.volokno.cares;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.volokno.cares.Lookup.NoAnswerException;
import dev.volokno.foreign.CString;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What the library's answers say. */
final class Decoding {
    // struct ares_addrinfo, struct ares_addrinfo_node
    private static final int NODES = 8;
    private static final int FAMILY = 8;
    private static final int ADDR = 24;
    private static final int NEXT = 32;
    private static final int NODE_SIZE = 40;

    // struct sockaddr_in, struct sockaddr_in6
    private static final int IN_ADDR = 4;
    private static final int IN6_ADDR = 8;
    private static final int IN6_SCOPE = 24;
    private static final int IN6_SIZE = 28;

    // struct ares_srv_reply
    private static final int SRV_HOST = 8;
    private static final int SRV_PRIORITY = 16;
    private static final int SRV_WEIGHT = 18;
    private static final int SRV_PORT = 20;
    private static final int SRV_SIZE = 24;

    // struct ares_txt_ext
    private static final int TXT_BYTES = 8;
    private static final int TXT_LENGTH = 16;
    private static final int TXT_START = 24;
    private static final int TXT_SIZE = 32;

    private static final Records SRV = new Records(Ares::parseSrv, SRV_SIZE);
    private static final Records TXT = new Records(Ares::parseTxt, TXT_SIZE);

    private Decoding() {}

    /** The addresses of a {@code struct ares_addrinfo}, which know the name they were found by. */
    static List<InetAddress> addresses(String name, MemorySegment info) throws NoAnswerException {
        var found = new ArrayList<InetAddress>();
        MemorySegment next = CString.reach(info, NODES + ADDRESS.byteSize()).get(ADDRESS, NODES);
        while (next.address() != 0) {
            MemorySegment node = CString.reach(next, NODE_SIZE);
            InetAddress address =
                    address(name, node.get(JAVA_INT, FAMILY), node.get(ADDRESS, ADDR));
            if (!found.contains(address)) {
                found.add(address);
            }
            next = node.get(ADDRESS, NEXT);
        }
        return notEmpty(found);
    }

    private static InetAddress address(String name, int family, MemorySegment sockaddr) {
        MemorySegment memory = CString.reach(sockaddr, IN6_SIZE);
        try {
            if (family == Ares.AF_INET) {
                return InetAddress.getByAddress(name, bytes(memory, IN_ADDR, 4));
            }
            byte[] bytes = bytes(memory, IN6_ADDR, 16);
            int scope = memory.get(JAVA_INT, IN6_SCOPE);
            return scope == 0
                    ? InetAddress.getByAddress(name, bytes)
                    : Inet6Address.getByAddress(name, bytes, scope);
        } catch (UnknownHostException e) {
            throw new AssertionError("an address of a wrong length", e);
        }
    }

    private static byte[] bytes(MemorySegment memory, int offset, int length) {
        return memory.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
    }

    /** The name of a {@code struct hostent}. */
    static String name(MemorySegment hostent) throws NoAnswerException {
        MemorySegment name = CString.reach(hostent, ADDRESS.byteSize()).get(ADDRESS, 0);
        return CString.at(name).orElseThrow(() -> new NoAnswerException(Status.ENODATA));
    }

    /** The services of a message. */
    static List<ServiceRecord> services(MemorySegment message, int length)
            throws NoAnswerException {
        var services = new ArrayList<ServiceRecord>();
        parse(message, length, SRV, record -> services.add(service(record)));
        return notEmpty(services);
    }

    private static ServiceRecord service(MemorySegment record) {
        return new ServiceRecord(
                CString.at(record.get(ADDRESS, SRV_HOST), ""),
                unsigned(record, SRV_PORT),
                unsigned(record, SRV_PRIORITY),
                unsigned(record, SRV_WEIGHT));
    }

    private static int unsigned(MemorySegment record, int offset) {
        return Short.toUnsignedInt(record.get(JAVA_SHORT, offset));
    }

    /** The texts of a message; the strings of one record are put together. */
    static List<String> texts(MemorySegment message, int length) throws NoAnswerException {
        var texts = new ArrayList<ByteArrayOutputStream>();
        parse(
                message,
                length,
                TXT,
                piece -> {
                    if (texts.isEmpty() || piece.get(ValueLayout.JAVA_BYTE, TXT_START) != 0) {
                        texts.add(new ByteArrayOutputStream());
                    }
                    texts.getLast()
                            .writeBytes(
                                    CString.bytes(
                                            piece.get(ADDRESS, TXT_BYTES),
                                            piece.get(JAVA_LONG, TXT_LENGTH)));
                });
        return notEmpty(texts.stream().map(text -> text.toString(StandardCharsets.UTF_8)).toList());
    }

    @FunctionalInterface
    private interface Parser {
        int parse(MemorySegment message, int length, MemorySegment list);
    }

    /** The function that makes a list of records, and the size of one. */
    private record Records(Parser parser, int size) {}

    @FunctionalInterface
    private interface Taker {
        void take(MemorySegment record);
    }

    /** Hands on each record of a message; what it begins with points to the next one. */
    private static void parse(MemorySegment message, int length, Records records, Taker taker)
            throws NoAnswerException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pointer = arena.allocate(ADDRESS);
            int status = records.parser.parse(message, length, pointer);
            if (status != Status.SUCCESS) {
                throw new NoAnswerException(status);
            }
            MemorySegment list = pointer.get(ADDRESS, 0);
            MemorySegment next = list;
            while (next.address() != 0) {
                MemorySegment record = CString.reach(next, records.size);
                taker.take(record);
                next = record.get(ADDRESS, 0);
            }
            if (list.address() != 0) {
                Ares.freeData(list);
            }
        }
    }

    private static <T> List<T> notEmpty(List<T> found) throws NoAnswerException {
        if (found.isEmpty()) {
            throw new NoAnswerException(Status.ENODATA);
        }
        return List.copyOf(found);
    }
}
