package dev.volokno.cares;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.volokno.foreign.CString;
import dev.volokno.foreign.LibraryMissingException;
import dev.volokno.foreign.SharedLibrary;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@code <ares.h>}: c-ares. Numbers and layouts are the same on every 64-bit machine. */
final class Ares {
    static final int FLAG_NOCHECKRESP = 1 << 7;

    // What structures begin with stays; newer versions add at the end, and look there if told to.
    static final int OPT_FLAGS = 1;
    static final int OPT_TRIES = 1 << 2;
    static final int OPT_NDOTS = 1 << 3;
    static final int OPT_DOMAINS = 1 << 7;
    static final int OPT_LOOKUPS = 1 << 8;
    static final int OPT_SOCK_STATE_CB = 1 << 9;
    static final int OPT_TIMEOUTMS = 1 << 13;
    static final int OPT_RESOLVCONF = 1 << 17;

    // struct ares_options
    static final int FLAGS = 0;
    static final int TIMEOUT = 4;
    static final int TRIES = 8;
    static final int NDOTS = 12;
    static final int DOMAINS = 48;
    static final int NDOMAINS = 56;
    static final int LOOKUPS = 64;
    static final int SOCK_STATE_CB = 72;
    static final int RESOLVCONF_PATH = 104;
    static final int OPTIONS_SIZE = 112;

    // struct ares_addr_port_node
    static final int SERVER_NEXT = 0;
    static final int SERVER_FAMILY = 8;
    static final int SERVER_ADDR = 12;
    static final int SERVER_UDP_PORT = 28;
    static final int SERVER_TCP_PORT = 32;
    static final int SERVER_SIZE = 40;

    // struct ares_addrinfo_hints
    static final int HINTS_FLAGS = 0;
    static final int HINTS_FAMILY = 4;
    static final int HINTS_SOCKTYPE = 8;
    static final int HINTS_SIZE = 16;

    static final int AF_UNSPEC = 0;
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int SOCK_STREAM = 1;
    static final int SOCKET_BAD = -1;

    // Of DNS itself.
    static final int CLASS_IN = 1;
    static final int TYPE_TXT = 16;
    static final int TYPE_SRV = 33;

    private static final SharedLibrary LIBRARY =
            SharedLibrary.of("libcares.so.2", "libc-ares2").versions("1.16.0", "1.18.1");

    private Ares() {}

    /** Loads the library; to be called before any other method. */
    static void load() throws LibraryMissingException {
        LIBRARY.load(Ares::version);
    }

    /** The functions; a class of its own, made when the library is loaded. */
    private static final class Calls {
        static final MethodHandle VERSION =
                LIBRARY.function("ares_version", FunctionDescriptor.of(ADDRESS, ADDRESS));
        static final MethodHandle LIBRARY_INIT =
                LIBRARY.function("ares_library_init", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
        static final MethodHandle INIT_OPTIONS =
                LIBRARY.function(
                        "ares_init_options",
                        FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
        static final MethodHandle SET_SERVERS_PORTS =
                LIBRARY.function(
                        "ares_set_servers_ports",
                        FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
        static final MethodHandle CANCEL =
                LIBRARY.function("ares_cancel", FunctionDescriptor.ofVoid(ADDRESS));
        static final MethodHandle DESTROY =
                LIBRARY.function("ares_destroy", FunctionDescriptor.ofVoid(ADDRESS));
        static final MethodHandle GETADDRINFO =
                LIBRARY.function(
                        "ares_getaddrinfo",
                        FunctionDescriptor.ofVoid(
                                ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG));
        static final MethodHandle FREEADDRINFO =
                LIBRARY.function("ares_freeaddrinfo", FunctionDescriptor.ofVoid(ADDRESS));
        static final MethodHandle GETHOSTBYADDR =
                LIBRARY.function(
                        "ares_gethostbyaddr",
                        FunctionDescriptor.ofVoid(
                                ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG));
        static final MethodHandle SEARCH =
                LIBRARY.function(
                        "ares_search",
                        FunctionDescriptor.ofVoid(
                                ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG));
        static final MethodHandle TIMEOUT =
                LIBRARY.function(
                        "ares_timeout", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, ADDRESS));
        static final MethodHandle PROCESS_FD =
                LIBRARY.function(
                        "ares_process_fd", FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT, JAVA_INT));
        static final MethodHandle PARSE_SRV = LIBRARY.function("ares_parse_srv_reply", ofParse());
        static final MethodHandle PARSE_TXT =
                LIBRARY.function("ares_parse_txt_reply_ext", ofParse());
        static final MethodHandle FREE_DATA =
                LIBRARY.function("ares_free_data", FunctionDescriptor.ofVoid(ADDRESS));
        static final MethodHandle STRERROR =
                LIBRARY.function("ares_strerror", FunctionDescriptor.of(ADDRESS, JAVA_INT));

        private static FunctionDescriptor ofParse() {
            return FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
        }
    }

    private static AssertionError unexpected(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return new AssertionError("a downcall failed", thrown);
    }

    /** The library's version, such as {@code 1.18.1}. */
    static String version() {
        try {
            return CString.at((MemorySegment) Calls.VERSION.invokeExact(MemorySegment.NULL), "0");
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int libraryInit(int flags) {
        try {
            return (int) Calls.LIBRARY_INIT.invokeExact(flags);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int initOptions(MemorySegment channel, MemorySegment options, int mask) {
        try {
            return (int) Calls.INIT_OPTIONS.invokeExact(channel, options, mask);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int setServersPorts(MemorySegment channel, MemorySegment servers) {
        try {
            return (int) Calls.SET_SERVERS_PORTS.invokeExact(channel, servers);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Ends all that is asked, by callbacks; the channel stays. */
    static void cancel(MemorySegment channel) {
        callVoid(Calls.CANCEL, channel);
    }

    /** Ends all that is asked, by callbacks, and frees the channel. */
    static void destroy(MemorySegment channel) {
        callVoid(Calls.DESTROY, channel);
    }

    static void freeaddrinfo(MemorySegment list) {
        callVoid(Calls.FREEADDRINFO, list);
    }

    static void freeData(MemorySegment list) {
        callVoid(Calls.FREE_DATA, list);
    }

    private static void callVoid(MethodHandle function, MemorySegment argument) {
        try {
            function.invokeExact(argument);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Whom an answer is for: the function that takes it, and what it gets as its argument. */
    record Recipient(MemorySegment callback, long id) {}

    static void getaddrinfo(
            MemorySegment channel, MemorySegment name, MemorySegment hints, Recipient recipient) {
        try {
            Calls.GETADDRINFO.invokeExact(
                    channel, name, MemorySegment.NULL, hints, recipient.callback, recipient.id);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static void gethostbyaddr(
            MemorySegment channel, MemorySegment address, int family, Recipient recipient) {
        try {
            Calls.GETHOSTBYADDR.invokeExact(
                    channel,
                    address,
                    (int) address.byteSize(),
                    family,
                    recipient.callback,
                    recipient.id);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Asks for records of the class IN. */
    static void search(MemorySegment channel, MemorySegment name, int type, Recipient recipient) {
        try {
            Calls.SEARCH.invokeExact(
                    channel, name, CLASS_IN, type, recipient.callback, recipient.id);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Whether there is a time at all, which {@code timeval} has then. */
    static boolean timeout(MemorySegment channel, MemorySegment timeval) {
        try {
            var result =
                    (MemorySegment) Calls.TIMEOUT.invokeExact(channel, MemorySegment.NULL, timeval);
            return result.address() != 0;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static void processFd(MemorySegment channel, int readable, int writable) {
        try {
            Calls.PROCESS_FD.invokeExact(channel, readable, writable);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int parseSrv(MemorySegment message, int length, MemorySegment list) {
        try {
            return (int) Calls.PARSE_SRV.invokeExact(message, length, list);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int parseTxt(MemorySegment message, int length, MemorySegment list) {
        try {
            return (int) Calls.PARSE_TXT.invokeExact(message, length, list);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static String strerror(int status) {
        try {
            return CString.at((MemorySegment) Calls.STRERROR.invokeExact(status), "unknown");
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }
}
