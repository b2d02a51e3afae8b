package dev.volokno.libpq;

import static java.lang.foreign.ValueLayout.ADDRESS;

import dev.volokno.fd.Fd.Condition;
import dev.volokno.foreign.Answer;
import dev.volokno.foreign.CString;
import dev.volokno.foreign.Driven;
import dev.volokno.foreign.Upcalls;
import dev.volokno.foreign.Watch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A {@code PGconn} as its driver sees it. First it connects; then there is one {@link Exchange} at
 * a time, or none; once {@link #lost} it waits for nothing any more but its end.
 */
final class Session implements Driven {
    private static final Set<Condition> NOTHING = Set.of();
    private static final Set<Condition> READ = Set.of(Condition.READABLE);
    private static final Set<Condition> WRITE = Set.of(Condition.WRITABLE);
    private static final Set<Condition> BOTH = Set.of(Condition.READABLE, Condition.WRITABLE);

    /** The number of no descriptor, nor what libpq says instead of one. */
    private static final int UNTOLD = -2;

    private final PqConnection connection;
    private final Inbound inbound;
    private final Arguments.Place place;
    private final MemorySegment copied;
    private final Answer<Boolean> connected = new Answer<>("the connection to be made");

    private int polling = PqConnection.POLLING_WRITING;
    private @Nullable Exchange exchange;
    private boolean copyingOut;
    private @Nullable Answer<Boolean> flushed;
    private boolean unsent;
    private int watched = UNTOLD;
    private Set<Condition> awaited = NOTHING;

    // Read by any thread.
    private volatile @Nullable PostgresException lost;

    Session(PqConnection connection, Inbound inbound, Upcalls upcalls) {
        this.connection = connection;
        this.inbound = inbound;
        // Used by the driver's fiber and by callers.
        Arena arena = Arena.ofAuto();
        place = new Arguments.Place(arena);
        copied = arena.allocate(ADDRESS);
        connection.setNoticeReceiver(
                upcalls.pointer(
                        MethodHandles.lookup(), this, "noticed", PqConnection.NOTICE_RECEIVER));
        if (connection.isBad()) {
            refused();
        }
    }

    @SuppressWarnings("UnusedMethod") // found by its name
    private void noticed(MemorySegment unusedData, MemorySegment result) {
        inbound.noticed(ServerMessage.of(new PqResult(result)));
    }

    Answer<Boolean> connected() {
        return connected;
    }

    /** Why it is of no use any more. Any thread. */
    Optional<PostgresException> lost() {
        return Optional.ofNullable(lost);
    }

    PqConnection connection() {
        return connection;
    }

    // ---- what it waits for

    @Override
    public void prepare(Watch watch) {
        Set<Condition> wanted = wanted();
        int socket = wanted.isEmpty() ? -1 : connection.socket();
        if (socket != watched || wanted != awaited) {
            watch.clear();
            watch.on(socket, wanted);
            watched = socket;
            awaited = wanted;
        }
    }

    private Set<Condition> wanted() {
        if (lost != null) {
            return NOTHING;
        }
        if (polling != PqConnection.POLLING_OK) {
            return polling == PqConnection.POLLING_READING ? READ : WRITE;
        }
        // While output waits, input is read too: the server may wait for that.
        boolean reads = exchange == null || exchange.reads() || unsent;
        if (unsent) {
            return BOTH;
        }
        return reads ? READ : NOTHING;
    }

    @Override
    public void ready(int fd, Set<Condition> conditions) {
        if (lost != null) {
            return;
        }
        if (polling != PqConnection.POLLING_OK) {
            connect();
            return;
        }
        if (unsent) {
            flush();
        }
        if (lost == null) {
            // Also if it is only writable: libpq reads where it cannot write, so that what is there
            // may be with it already.
            read();
        }
    }

    @Override
    public void due() {
        throw new IllegalStateException("no time was told");
    }

    private void connect() {
        polling = connection.poll();
        // The socket may be another now, even with the same number.
        watched = UNTOLD;
        if (polling == PqConnection.POLLING_FAILED) {
            refused();
        } else if (polling == PqConnection.POLLING_OK) {
            connection.setNonBlocking();
            connected.give(true);
        }
    }

    private void refused() {
        var reason =
                new PostgresException(
                        PostgresException.UNABLE_TO_CONNECT, connection.errorMessage(), null);
        lost = reason;
        connected.fail(reason);
    }

    private void read() {
        boolean there = connection.consumeInput();
        advance();
        Optional<Notification> notification = connection.notification();
        while (notification.isPresent()) {
            inbound.notified(notification.get());
            notification = connection.notification();
        }
        // It is bad as well if what came makes no sense: libpq has given it up then.
        if (!there || connection.isBad()) {
            lose();
        }
    }

    // ---- an exchange

    void begin(Exchange next) throws PostgresException {
        refuseIfLost();
        if (exchange != null) {
            throw new AssertionError("two commands at once");
        }
        if (!next.send(connection, place)) {
            throw failureToSend();
        }
        exchange = next;
        flush();
        if (lost == null && !unsent) {
            // A server that is near has often answered by now, and nobody needs to be woken.
            read();
        }
    }

    private PostgresException failureToSend() {
        if (connection.isBad()) {
            lose();
        }
        PostgresException reason = lost;
        return reason != null
                ? reason
                : new PostgresException("XX000", connection.errorMessage(), null);
    }

    private void refuseIfLost() throws PostgresException {
        PostgresException reason = lost;
        if (reason != null) {
            throw reason.again();
        }
    }

    /** The next rows of {@code rows}; what is there already is given at once. */
    <E> Answer<Pulled.Portion<E>> more(Pulled<E> rows) {
        Answer<Pulled.Portion<E>> answer = rows.more();
        if (rows == exchange) {
            advance();
        } else {
            rows.settle();
        }
        return answer;
    }

    /** The rest of {@code rows} is not wanted; tells when their command has ended. */
    Answer<Boolean> discard(Pulled<?> rows) {
        Answer<Boolean> ended = rows.discard();
        if (rows == exchange) {
            advance();
        } else {
            // It has ended, or never begun.
            ended.give(true);
        }
        return ended;
    }

    private void advance() {
        Exchange current = exchange;
        if (current == null) {
            return;
        }
        try {
            boolean more = true;
            while (more && current.wants()) {
                more = copyingOut ? takeData(current) : takeResult(current);
            }
            current.settle();
        } catch (RuntimeException | OutOfMemoryError e) {
            // Nobody knows then what the rest of it means.
            lose(
                    new PostgresException(
                            PostgresException.PROTOCOL_VIOLATION,
                            "an answer of the server's cannot be taken: " + e,
                            e));
        }
    }

    private boolean takeResult(Exchange current) {
        if (connection.isBusy()) {
            return false;
        }
        Optional<PqResult> next = connection.result();
        if (next.isEmpty()) {
            exchange = null;
            current.end();
            return false;
        }
        PqResult result = next.get();
        try {
            take(result, current);
        } finally {
            result.clear();
        }
        return true;
    }

    private void take(PqResult result, Exchange current) {
        switch (result.status()) {
            case PqResult.PGRES_EMPTY_QUERY,
                    PqResult.PGRES_COMMAND_OK,
                    PqResult.PGRES_TUPLES_OK,
                    PqResult.PGRES_SINGLE_TUPLE ->
                    current.result(result);
            case PqResult.PGRES_COPY_OUT -> {
                copyingOut = true;
                if (!current.beginCopyOut()) {
                    current.fail(new IllegalArgumentException("a COPY TO STDOUT: use copyOut()"));
                }
            }
            case PqResult.PGRES_COPY_IN -> {
                if (!current.beginCopyIn()) {
                    current.fail(new IllegalArgumentException("a COPY FROM STDIN: use copyIn()"));
                    connection.putCopyEnd(Optional.of("nobody sends data"));
                    flush();
                }
            }
            case PqResult.PGRES_COPY_BOTH ->
                    throw new IllegalStateException("streams of replication are not supported");
            default -> current.fail(failure(result));
        }
    }

    private PostgresException failure(PqResult result) {
        var message = ServerMessage.of(result);
        if (message.sqlState().isEmpty()) {
            String state = connection.isBad() ? PostgresException.CONNECTION_FAILURE : "XX000";
            return new PostgresException(state, message.text(), null);
        }
        if (message.isFatal()) {
            inbound.noticed(message);
        }
        return new PostgresException(message);
    }

    private boolean takeData(Exchange current) {
        int length = connection.copyData(copied);
        if (length > 0) {
            MemorySegment row = copied.get(ADDRESS, 0);
            try {
                current.data(CString.bytes(row, length));
            } finally {
                PqConnection.free(row);
            }
        } else if (length < 0) {
            // At the end, and after a failure, a result tells more.
            copyingOut = false;
        }
        return length != 0;
    }

    // ---- sending

    private void flush() {
        int result = connection.flush();
        unsent = result > 0;
        if (result < 0) {
            lose();
        } else if (!unsent && flushed != null) {
            flushed.give(true);
            flushed = null;
        }
    }

    /** Sends data of a COPY; tells when the socket has taken it. */
    Answer<Boolean> put(MemorySegment data) throws PostgresException {
        refuseIfLost();
        var answer = new Answer<Boolean>("the server to take data");
        if (connection.putCopyData(data, Math.toIntExact(data.byteSize())) < 0) {
            throw failureToSend();
        }
        flushed = answer;
        flush();
        return answer;
    }

    void finish(CopyingIn copy, Optional<String> reason) {
        if (exchange == copy) {
            copy.finish(connection, reason);
            flush();
            advance();
        }
    }

    // ---- the end

    /** The connection is lost: libpq has said why, unless the server had done so before. */
    private void lose() {
        lose(
                inbound.lastWord()
                        .map(PostgresException::new)
                        .orElseGet(() ->
                                new PostgresException(
                                        PostgresException.CONNECTION_FAILURE,
                                        connection.errorMessage(),
                                        null)));
    }

    void lose(PostgresException reason) {
        if (lost == null) {
            lost = reason;
            endWaits(reason);
            inbound.end(Optional.of(reason));
        }
    }

    private void endWaits(PostgresException reason) {
        Exchange current = exchange;
        exchange = null;
        if (current != null) {
            current.lost(reason);
        }
        if (flushed != null) {
            flushed.fail(reason);
            flushed = null;
        }
    }

    @Override
    public void end(Optional<Throwable> failure) {
        var reason =
                new PostgresException(
                        PostgresException.CONNECTION_FAILURE,
                        "the connection is closed",
                        failure.orElse(null));
        connected.fail(reason);
        endWaits(reason);
        if (lost == null) {
            lost = reason;
        }
        inbound.end(failure);
        connection.finish();
    }
}
