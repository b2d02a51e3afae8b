package dev.volokno.curl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.volokno.foreign.CString;
import dev.volokno.foreign.LibraryMissingException;
import dev.volokno.foreign.SharedLibrary;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@code <curl/curl.h>}: libcurl. Numbers and layouts are the same on every 64-bit machine. */
final class Curl {
    // CURLoption
    static final int UPLOAD = 46;
    static final int NOBODY = 44;
    static final int POST = 47;
    static final int FOLLOWLOCATION = 52;
    static final int MAXREDIRS = 68;
    static final int NOSIGNAL = 99;
    static final int TIMEOUT_MS = 155;
    static final int CONNECTTIMEOUT_MS = 156;
    static final int PROTOCOLS = 181;
    static final int REDIR_PROTOCOLS = 182;
    static final int SUPPRESS_CONNECT_HEADERS = 265;
    static final int QUICK_EXIT = 322;
    static final int WRITEDATA = 10001;
    static final int URL = 10002;
    static final int PROXY = 10004;
    static final int READDATA = 10009;
    static final int ERRORBUFFER = 10010;
    static final int HTTPHEADER = 10023;
    static final int HEADERDATA = 10029;
    static final int CUSTOMREQUEST = 10036;
    static final int CAINFO = 10065;
    static final int SEEKDATA = 10168;
    static final int RESOLVE = 10203;
    static final int WRITEFUNCTION = 20011;
    static final int READFUNCTION = 20012;
    static final int HEADERFUNCTION = 20079;
    static final int SEEKFUNCTION = 20167;
    static final int INFILESIZE_LARGE = 30115;
    static final int POSTFIELDSIZE_LARGE = 30120;

    // CURLMoption
    static final int MULTI_MAX_HOST_CONNECTIONS = 7;
    static final int MULTI_SOCKETFUNCTION = 20001;
    static final int MULTI_TIMERFUNCTION = 20004;

    static final int INFO_EFFECTIVE_URL = 0x100001;

    static final long PROTO_HTTP_AND_HTTPS = 3;
    static final int ERROR_SIZE = 256;
    static final int SOCKET_TIMEOUT = -1;

    // What callbacks return.
    static final long WRITE_PAUSE = 0x10000001;
    static final long READ_PAUSE = 0x10000001;
    static final long READ_ABORT = 0x10000000;
    static final int SEEK_OK = 0;
    static final int SEEK_CANNOT = 2;

    static final int PAUSE_RECEIVING = 1;
    static final int PAUSE_SENDING = 4;

    // What is ready, and what to wait for.
    static final int IN = 1;
    static final int OUT = 2;
    static final int POLL_REMOVE = 4;

    // struct CURLMsg
    static final int MESSAGE_DONE = 1;
    static final int MESSAGE_EASY = 8;
    static final int MESSAGE_RESULT = 16;
    static final int MESSAGE_SIZE = 24;

    private static final int GLOBAL_ALL = 3;

    private static final SharedLibrary LIBRARY =
            SharedLibrary.of("libcurl.so.4", "libcurl4").versions("7.68.0", "7.88.1");

    private Curl() {}

    /** Loads the library; to be called before any other method. */
    static void load() throws LibraryMissingException {
        LIBRARY.load(Curl::begin);
    }

    private static String begin() {
        try {
            int code = (int) Calls.GLOBAL_INIT.invokeExact((long) GLOBAL_ALL);
            if (code != 0) {
                throw new IllegalStateException("curl_global_init: " + CurlCode.told(code));
            }
            // As in "libcurl/7.88.1 OpenSSL/3.0.15 zlib/1.2.13".
            String all = CString.at((MemorySegment) Calls.VERSION.invokeExact(), "0");
            return all.split(" ", 2)[0].replace("libcurl/", "");
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** The functions; a class of its own, made when the library is loaded. */
    private static final class Calls {
        static final MethodHandle VERSION =
                LIBRARY.function("curl_version", FunctionDescriptor.of(ADDRESS));
        static final MethodHandle GLOBAL_INIT =
                LIBRARY.function("curl_global_init", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
        static final MethodHandle EASY_INIT =
                LIBRARY.function("curl_easy_init", FunctionDescriptor.of(ADDRESS));
        static final MethodHandle EASY_CLEANUP =
                LIBRARY.function("curl_easy_cleanup", FunctionDescriptor.ofVoid(ADDRESS));
        static final MethodHandle EASY_SETOPT_NUMBER =
                LIBRARY.function(
                        "curl_easy_setopt",
                        FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG),
                        Linker.Option.firstVariadicArg(2));
        static final MethodHandle EASY_SETOPT_POINTER = variadic("curl_easy_setopt");
        static final MethodHandle EASY_GETINFO = variadic("curl_easy_getinfo");
        static final MethodHandle EASY_PAUSE =
                LIBRARY.function(
                        "curl_easy_pause", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
        static final MethodHandle EASY_STRERROR =
                LIBRARY.function("curl_easy_strerror", FunctionDescriptor.of(ADDRESS, JAVA_INT));
        static final MethodHandle SLIST_APPEND =
                LIBRARY.function(
                        "curl_slist_append", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS));
        static final MethodHandle SLIST_FREE_ALL =
                LIBRARY.function("curl_slist_free_all", FunctionDescriptor.ofVoid(ADDRESS));
        static final MethodHandle MULTI_INIT =
                LIBRARY.function("curl_multi_init", FunctionDescriptor.of(ADDRESS));
        static final MethodHandle MULTI_CLEANUP =
                LIBRARY.function("curl_multi_cleanup", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        static final MethodHandle MULTI_SETOPT_NUMBER =
                LIBRARY.function(
                        "curl_multi_setopt",
                        FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG),
                        Linker.Option.firstVariadicArg(2));
        static final MethodHandle MULTI_SETOPT_POINTER = variadic("curl_multi_setopt");
        static final MethodHandle MULTI_ADD_HANDLE = ofTwo("curl_multi_add_handle");
        static final MethodHandle MULTI_REMOVE_HANDLE = ofTwo("curl_multi_remove_handle");
        static final MethodHandle MULTI_SOCKET_ACTION =
                LIBRARY.function(
                        "curl_multi_socket_action",
                        FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS));
        static final MethodHandle MULTI_INFO_READ =
                LIBRARY.function(
                        "curl_multi_info_read", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS));

        private static MethodHandle variadic(String name) {
            return LIBRARY.function(
                    name,
                    FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS),
                    Linker.Option.firstVariadicArg(2));
        }

        private static MethodHandle ofTwo(String name) {
            return LIBRARY.function(name, FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
        }
    }

    private static AssertionError unexpected(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof IllegalStateException state) {
            throw state;
        }
        return new AssertionError("a downcall failed", thrown);
    }

    // ---- one transfer

    static MemorySegment easyInit() {
        try {
            return notNull((MemorySegment) Calls.EASY_INIT.invokeExact());
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static void easyCleanup(MemorySegment easy) {
        try {
            Calls.EASY_CLEANUP.invokeExact(easy);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int easySetopt(MemorySegment easy, int option, long value) {
        try {
            return (int) Calls.EASY_SETOPT_NUMBER.invokeExact(easy, option, value);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int easySetopt(MemorySegment easy, int option, MemorySegment value) {
        try {
            return (int) Calls.EASY_SETOPT_POINTER.invokeExact(easy, option, value);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int easyGetinfo(MemorySegment easy, int info, MemorySegment result) {
        try {
            return (int) Calls.EASY_GETINFO.invokeExact(easy, info, result);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Pauses what {@code directions} says and lets the other go on. */
    static int easyPause(MemorySegment easy, int directions) {
        try {
            return (int) Calls.EASY_PAUSE.invokeExact(easy, directions);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static String easyStrerror(int code) {
        try {
            return CString.at((MemorySegment) Calls.EASY_STRERROR.invokeExact(code), "unknown");
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** The list with a copy of {@code text} at its end; begins with {@code NULL}. */
    static MemorySegment slistAppend(MemorySegment list, MemorySegment text) {
        try {
            return notNull((MemorySegment) Calls.SLIST_APPEND.invokeExact(list, text));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static void slistFreeAll(MemorySegment list) {
        try {
            Calls.SLIST_FREE_ALL.invokeExact(list);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    // ---- all of them

    static MemorySegment multiInit() {
        try {
            return notNull((MemorySegment) Calls.MULTI_INIT.invokeExact());
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int multiCleanup(MemorySegment multi) {
        try {
            return (int) Calls.MULTI_CLEANUP.invokeExact(multi);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int multiSetopt(MemorySegment multi, int option, long value) {
        try {
            return (int) Calls.MULTI_SETOPT_NUMBER.invokeExact(multi, option, value);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int multiSetopt(MemorySegment multi, int option, MemorySegment value) {
        try {
            return (int) Calls.MULTI_SETOPT_POINTER.invokeExact(multi, option, value);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int multiAddHandle(MemorySegment multi, MemorySegment easy) {
        try {
            return (int) Calls.MULTI_ADD_HANDLE.invokeExact(multi, easy);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int multiRemoveHandle(MemorySegment multi, MemorySegment easy) {
        try {
            return (int) Calls.MULTI_REMOVE_HANDLE.invokeExact(multi, easy);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int multiSocketAction(
            MemorySegment multi, int socket, int ready, MemorySegment running) {
        try {
            return (int) Calls.MULTI_SOCKET_ACTION.invokeExact(multi, socket, ready, running);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** The next message, a {@code CURLMsg} that lives until the next call, or {@code NULL}. */
    static MemorySegment multiInfoRead(MemorySegment multi, MemorySegment left) {
        try {
            return (MemorySegment) Calls.MULTI_INFO_READ.invokeExact(multi, left);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    private static MemorySegment notNull(MemorySegment pointer) {
        if (pointer.address() == 0) {
            throw new OutOfMemoryError("libcurl has no memory");
        }
        return pointer;
    }
}
