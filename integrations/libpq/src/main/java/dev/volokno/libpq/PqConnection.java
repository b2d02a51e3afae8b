package dev.volokno.libpq;

import static dev.volokno.libpq.Libpq.function;
import static dev.volokno.libpq.Libpq.getter;
import static dev.volokno.libpq.Libpq.procedure;
import static dev.volokno.libpq.Libpq.unexpected;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.volokno.foreign.CString;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** libpq-fe.h: a {@code PGconn}, and what is asked of it. */
final class PqConnection {
    static final int CONNECTION_BAD = 1;
    static final int POLLING_FAILED = 0;
    static final int POLLING_READING = 1;
    static final int POLLING_WRITING = 2;
    static final int POLLING_OK = 3;

    /** What {@code PQsetNoticeReceiver} takes. */
    static final FunctionDescriptor NOTICE_RECEIVER = FunctionDescriptor.ofVoid(ADDRESS, ADDRESS);

    private static final MethodHandle START =
            function("PQconnectStartParams", ADDRESS, ADDRESS, ADDRESS, JAVA_INT);
    private static final MethodHandle POLL = function("PQconnectPoll", JAVA_INT, ADDRESS);
    private static final MethodHandle STATUS = getter("PQstatus", JAVA_INT, ADDRESS);
    private static final MethodHandle SOCKET = getter("PQsocket", JAVA_INT, ADDRESS);
    private static final MethodHandle PROCESS = getter("PQbackendPID", JAVA_INT, ADDRESS);
    private static final MethodHandle SERVER_VERSION = getter("PQserverVersion", JAVA_INT, ADDRESS);
    private static final MethodHandle ERROR_MESSAGE = getter("PQerrorMessage", ADDRESS, ADDRESS);
    private static final MethodHandle NON_BLOCKING =
            function("PQsetnonblocking", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle NOTICES =
            function("PQsetNoticeReceiver", ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle SEND_SCRIPT =
            function("PQsendQuery", JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle SEND_PREPARE =
            function("PQsendPrepare", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_INT, ADDRESS);
    private static final MethodHandle SEND_QUERY =
            function(
                    "PQsendQueryParams",
                    JAVA_INT,
                    ADDRESS,
                    ADDRESS,
                    JAVA_INT,
                    ADDRESS,
                    ADDRESS,
                    ADDRESS,
                    ADDRESS,
                    JAVA_INT);
    private static final MethodHandle SEND_PREPARED =
            function(
                    "PQsendQueryPrepared",
                    JAVA_INT,
                    ADDRESS,
                    ADDRESS,
                    JAVA_INT,
                    ADDRESS,
                    ADDRESS,
                    ADDRESS,
                    JAVA_INT);
    private static final MethodHandle SINGLE_ROWS =
            function("PQsetSingleRowMode", JAVA_INT, ADDRESS);
    private static final MethodHandle CONSUME = function("PQconsumeInput", JAVA_INT, ADDRESS);
    private static final MethodHandle FLUSH = function("PQflush", JAVA_INT, ADDRESS);
    private static final MethodHandle IS_BUSY = function("PQisBusy", JAVA_INT, ADDRESS);
    private static final MethodHandle RESULT = function("PQgetResult", ADDRESS, ADDRESS);
    private static final MethodHandle NOTIFICATION = function("PQnotifies", ADDRESS, ADDRESS);
    private static final MethodHandle PUT_COPY =
            function("PQputCopyData", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
    private static final MethodHandle END_COPY =
            function("PQputCopyEnd", JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle GET_COPY =
            function("PQgetCopyData", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
    private static final MethodHandle CANCEL = function("PQgetCancel", ADDRESS, ADDRESS);
    private static final MethodHandle FREE = procedure("PQfreemem", ADDRESS);
    private static final MethodHandle FINISH = procedure("PQfinish", ADDRESS);

    private final MemorySegment pointer;
    private final AtomicBoolean finished = new AtomicBoolean();

    private PqConnection(MemorySegment pointer) {
        this.pointer = pointer;
    }

    /** Begins to connect, and is ready for the first {@link #poll}; empty if out of memory. */
    static Optional<PqConnection> start(Map<String, String> parameters) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment keywords = arena.allocate(ADDRESS, parameters.size() + 1L);
            MemorySegment values = arena.allocate(ADDRESS, parameters.size() + 1L);
            int index = 0;
            for (var parameter : parameters.entrySet()) {
                keywords.setAtIndex(ADDRESS, index, CString.of(arena, parameter.getKey()));
                values.setAtIndex(ADDRESS, index, CString.of(arena, parameter.getValue()));
                index++;
            }
            var pointer = (MemorySegment) START.invokeExact(keywords, values, 0);
            return pointer.address() == 0
                    ? Optional.empty()
                    : Optional.of(new PqConnection(pointer));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** One step of connecting; after it the socket may be another. */
    int poll() {
        return number(POLL);
    }

    boolean isBad() {
        return number(STATUS) == CONNECTION_BAD;
    }

    int socket() {
        return number(SOCKET);
    }

    int process() {
        return number(PROCESS);
    }

    int serverVersion() {
        return number(SERVER_VERSION);
    }

    String errorMessage() {
        return CString.at(pointer(ERROR_MESSAGE), "").strip();
    }

    void setNonBlocking() {
        try {
            int result = (int) NON_BLOCKING.invokeExact(pointer, 1);
            assert result == 0;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    void setNoticeReceiver(MemorySegment receiver) {
        try {
            var before = (MemorySegment) NOTICES.invokeExact(pointer, receiver, MemorySegment.NULL);
            assert before.address() != 0;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    // ---- sending; false with an errorMessage

    boolean sendScript(MemorySegment text) {
        try {
            return (int) SEND_SCRIPT.invokeExact(pointer, text) != 0;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    boolean sendPrepare(MemorySegment name, MemorySegment text) {
        try {
            return (int) SEND_PREPARE.invokeExact(pointer, name, text, 0, MemorySegment.NULL) != 0;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    boolean sendQuery(Arguments arguments, int resultFormat) {
        try {
            return (int)
                            SEND_QUERY.invokeExact(
                                    pointer,
                                    arguments.text(),
                                    arguments.count(),
                                    MemorySegment.NULL,
                                    arguments.values(),
                                    arguments.lengths(),
                                    arguments.formats(),
                                    resultFormat)
                    != 0;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    boolean sendPrepared(Arguments arguments, int resultFormat) {
        try {
            return (int)
                            SEND_PREPARED.invokeExact(
                                    pointer,
                                    arguments.text(),
                                    arguments.count(),
                                    arguments.values(),
                                    arguments.lengths(),
                                    arguments.formats(),
                                    resultFormat)
                    != 0;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    boolean setSingleRowMode() {
        return number(SINGLE_ROWS) != 0;
    }

    /** Sends what is left: 0 when all is sent, 1 when the socket takes no more, -1 on failure. */
    int flush() {
        return number(FLUSH);
    }

    // ---- receiving

    /** Reads what is there; false when the connection is lost. */
    boolean consumeInput() {
        return number(CONSUME) != 0;
    }

    /** Whether {@link #result} would block. */
    boolean isBusy() {
        return number(IS_BUSY) != 0;
    }

    /** The next result, to be cleared; empty after a command's last. */
    Optional<PqResult> result() {
        MemorySegment result = pointer(RESULT);
        return result.address() == 0 ? Optional.empty() : Optional.of(new PqResult(result));
    }

    Optional<Notification> notification() {
        MemorySegment found = pointer(NOTIFICATION);
        if (found.address() == 0) {
            return Optional.empty();
        }
        MemorySegment fields = CString.reach(found, 3 * ADDRESS.byteSize());
        var notification =
                new Notification(
                        CString.at(fields.getAtIndex(ADDRESS, 0), ""),
                        CString.at(fields.getAtIndex(ADDRESS, 2), ""),
                        fields.get(JAVA_INT, ADDRESS.byteSize()));
        free(found);
        return Optional.of(notification);
    }

    // ---- COPY

    /** 1 when it is queued, -1 on failure. */
    int putCopyData(MemorySegment data, int length) {
        try {
            return (int) PUT_COPY.invokeExact(pointer, data, length);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** The end of the data; with a {@code reason} the server is to fail. */
    int putCopyEnd(Optional<String> reason) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) END_COPY.invokeExact(pointer, CString.of(arena, reason));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /**
     * A row's length, whose pointer is in {@code place} then and to be {@linkplain #free freed}; 0
     * if there is none yet, -1 at the end, -2 on failure.
     */
    int copyData(MemorySegment place) {
        try {
            return (int) GET_COPY.invokeExact(pointer, place, 1);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    // ---- the end

    /** What {@link Canceller} needs, and frees; {@code NULL} if there is no connection. */
    MemorySegment cancelHandle() {
        return pointer(CANCEL);
    }

    static void free(MemorySegment memory) {
        try {
            FREE.invokeExact(memory);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Says good-bye as far as that needs no wait, and closes; once. */
    void finish() {
        if (!finished.compareAndSet(false, true)) {
            return;
        }
        try {
            FINISH.invokeExact(pointer);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    private int number(MethodHandle function) {
        try {
            return (int) function.invokeExact(pointer);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    private MemorySegment pointer(MethodHandle function) {
        try {
            return (MemorySegment) function.invokeExact(pointer);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }
}
