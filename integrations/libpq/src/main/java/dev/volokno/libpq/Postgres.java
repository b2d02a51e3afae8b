package dev.volokno.libpq;

import dev.volokno.CancelledException;
import dev.volokno.DeadlineException;
import dev.volokno.fiber.Call;
import dev.volokno.fiber.Scope;
import dev.volokno.foreign.Answer;
import dev.volokno.foreign.Driver;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A connection to a PostgreSQL server, by libpq. Its calls park the fiber; hundreds of connections
 * share a loop and its one thread. It may be used by fibers of any loop, and by any thread.
 *
 * <p>A connection carries out one command after the other: whoever comes meanwhile waits for its
 * turn. {@link Rows}, {@link CopyIn} and {@link CopyOut} have the connection until they are closed.
 *
 * <p>A call that is cancelled, or out of time, has the server cancel the command, and waits until
 * it has: the connection can be used afterwards. If the command was finished before, its result is
 * delivered instead. A server that does not answer within {@link ConnectOptions#cancelGrace} loses
 * the connection: {@link #isOpen} is false then, and that is told as a suppressed exception.
 *
 * <p>A connection that is lost stays lost; it is not made again, because nobody but the caller
 * knows what of a transaction is to be repeated.
 */
public final class Postgres implements Closeable {
    private final Driver<Session> driver;
    private final Session session;
    private final Inbound inbound;
    private final ConnectOptions options;
    private final Turn turn = new Turn();
    private final AtomicLong prepared = new AtomicLong();
    private final int process;
    private final int serverVersion;

    private Postgres(
            Driver<Session> driver, Session session, Inbound inbound, ConnectOptions options)
            throws IOException {
        this.driver = driver;
        this.session = session;
        this.inbound = inbound;
        this.options = options;
        process = driver.callHere(known -> known.connection().process());
        serverVersion = driver.callHere(known -> known.connection().serverVersion());
    }

    /** Like {@link #connect(String, ConnectOptions)}, with the defaults. */
    public static Postgres connect(String conninfo) throws IOException {
        return connect(conninfo, ConnectOptions.defaults());
    }

    /**
     * Connects, in the current loop. Parks, and is cancellable; a connection that is not made in
     * time is a matter of {@link dev.volokno.fiber.Deadline}, and {@code connect_timeout} is not
     * looked at.
     *
     * @param conninfo as libpq has it: {@code host=localhost dbname=test user=me}, or {@code
     *     postgresql://me@localhost/test}; the environment ({@code PGHOST} and so on), {@code
     *     ~/.pgpass} and the service file stand in for what it leaves out
     * @throws PostgresException of the state {@code 08001}, if no server takes the connection
     * @throws java.net.UnknownHostException if no host has an address
     * @throws dev.volokno.foreign.LibraryMissingException if libpq is not installed
     * @throws IllegalArgumentException if {@code conninfo} is no connection string
     */
    public static Postgres connect(String conninfo, ConnectOptions options) throws IOException {
        var inbound = new Inbound(options.notificationsHeld());
        Driver<Session> driver = Connecting.start(conninfo, options, inbound);
        boolean made = false;
        try {
            Session session = driver.callHere(own -> own);
            session.connected().<IOException>await();
            var connection = new Postgres(driver, session, inbound, options);
            made = true;
            return connection;
        } finally {
            if (!made) {
                driver.close();
            }
        }
    }

    // ---- commands

    /**
     * Carries out a command and returns all it gives. Parks.
     *
     * @param parameters the values of {@code $1} and so on, as {@link Query} takes them
     * @throws PostgresException if it fails
     */
    public Result query(String command, Object... parameters) throws IOException {
        return query(Query.of(command, parameters));
    }

    /** Like {@link #query(String, Object...)}. */
    public Result query(Query query) throws IOException {
        return carryOut(Whole.of(query)).getFirst();
    }

    /**
     * Carries out commands that have semicolons between them, and no parameters; in one transaction
     * unless they say otherwise. Returns what each gives, in order. Parks.
     *
     * @throws PostgresException if one fails; none after it is carried out
     */
    public List<Result> script(String commands) throws IOException {
        return List.copyOf(carryOut(Whole.script(commands)));
    }

    /**
     * Carries out a query whose rows come as they are taken: the server waits if they are not.
     * Returns when the first is there, or the end. Parks.
     *
     * @return to be closed; until then the connection does nothing else
     * @throws PostgresException if it fails
     */
    public Rows stream(String command, Object... parameters) throws IOException {
        return stream(Query.of(command, parameters));
    }

    /** Like {@link #stream(String, Object...)}. */
    public Rows stream(Query query) throws IOException {
        var pull = new Pull<>(this, new PulledRows(query));
        pull.begin();
        return new Rows(pull);
    }

    /**
     * Has the server prepare a command, to be carried out many times. Parks.
     *
     * @return to be closed when it is not needed any more
     */
    public Statement prepare(String command) throws IOException {
        String name = "volokno_" + prepared.incrementAndGet();
        carryOut(Whole.preparing(name, command));
        return new Statement(this, name, command);
    }

    /**
     * Begins a {@code COPY ... FROM STDIN}. Parks.
     *
     * @return to be finished or closed; until then the connection does nothing else
     */
    public CopyIn copyIn(String command) throws IOException {
        var copying = new CopyingIn(Query.of(command));
        turn.enter();
        boolean begun = false;
        try {
            await(copying, copying.begun());
            begun = true;
            return new CopyIn(this, copying);
        } finally {
            if (!begun) {
                turn.leave();
            }
        }
    }

    /**
     * Begins a {@code COPY ... TO STDOUT}, whose data comes as it is taken. Parks.
     *
     * @return to be closed; until then the connection does nothing else
     */
    public CopyOut copyOut(String command) throws IOException {
        var pull = new Pull<>(this, new PulledCopy(Query.of(command)));
        pull.begin();
        return new CopyOut(pull);
    }

    /**
     * Runs {@code body} between {@code BEGIN} and {@code COMMIT}; if it throws, {@code ROLLBACK}
     * takes the place of the latter, also when it was cancelled. Commands of other fibers on this
     * connection would be part of it.
     *
     * @throws X what {@code body} throws
     */
    public <T, X extends Exception> T transaction(Call<T, X> body) throws X, IOException {
        query("BEGIN");
        try {
            T result = body.call();
            commit();
            return result;
        } catch (Throwable t) {
            rollback(t);
            throw t;
        }
    }

    private void commit() throws IOException {
        if (query("COMMIT").command().equals("ROLLBACK")) {
            throw new PostgresException(
                    "25P02", "a command of the transaction has failed: it is rolled back", null);
        }
    }

    private void rollback(Throwable why) throws IOException {
        if (!isOpen()) {
            return;
        }
        try {
            Scope.shield(options.cancelGrace(), () -> query("ROLLBACK"));
        } catch (IOException | RuntimeException e) {
            why.addSuppressed(e);
            // Nobody could use it: it is within a transaction.
            close();
        }
    }

    /**
     * Has the server cancel what the connection does now, whoever waits for it: that call throws a
     * {@link PostgresException} of the state {@code 57014}, unless it is finished first. Parks
     * until the server was told.
     */
    public void cancel() throws IOException {
        Canceller.cancel(driver);
    }

    private List<Result> carryOut(Whole whole) throws IOException {
        turn.enter();
        try {
            return await(whole, whole.answer());
        } finally {
            turn.leave();
        }
    }

    // ---- notifications and notices

    /**
     * Listens to {@code channel}, an identifier as it is, without quotes. What is told there comes
     * to {@link #notifications}, while the connection is idle or busy, but not while a stream of it
     * is not read. Parks.
     */
    public void listen(String channel) throws IOException {
        query("LISTEN " + quoted(channel));
    }

    /** Listens no more. Parks. */
    public void unlisten(String channel) throws IOException {
        query("UNLISTEN " + quoted(channel));
    }

    /** An identifier in quotes, for names that come from elsewhere. */
    public static String quoted(String identifier) {
        return '"' + Query.withoutZero(identifier).replace("\"", "\"\"") + '"';
    }

    /** What is told to this connection. */
    public Notifications notifications() {
        return new Notifications(inbound);
    }

    /**
     * Notices and warnings that came since this was called last, at most the newest hundred. None
     * is ever printed.
     */
    public List<ServerMessage> takeNotices() {
        return inbound.takeNotices();
    }

    // ---- the connection

    /** The process of the server that serves this connection, as {@code pg_backend_pid()}. */
    public int process() {
        return process;
    }

    /** The server's version, such as 150018 for 15.18. */
    public int serverVersion() {
        return serverVersion;
    }

    /** The version of libpq that is loaded; empty before the first connection. */
    public static Optional<String> libraryVersion() {
        return Libpq.LIBRARY.version();
    }

    /** Whether it can be used, as far as is known. */
    public boolean isOpen() {
        return driver.isOpen() && session.lost().isEmpty();
    }

    /** Closes it, whatever it does; calls that wait for something of it throw. Parks shortly. */
    @Override
    public void close() throws IOException {
        driver.close();
    }

    // ---- what calls have in common

    Driver<Session> driver() {
        return driver;
    }

    Turn turn() {
        return turn;
    }

    /** Begins {@code exchange}, whose turn it is, and waits for the answer to it. */
    <R> R await(Exchange exchange, Answer<R> answer) throws IOException {
        driver.callHere(own -> {
            own.begin(exchange);
            return true;
        });
        return awaitOrCancel(answer);
    }

    /** Waits for an answer; if the caller is cancelled, so is the command. */
    <R> R awaitOrCancel(Answer<R> answer) throws IOException {
        try {
            return answer.<IOException>await();
        } catch (CancelledException e) {
            return cancelled(answer, e);
        }
    }

    /** The command is given up. If its result has been faster it is returned all the same. */
    private <R> R cancelled(Answer<R> answer, CancelledException why) throws IOException {
        try {
            return cancelAndAwait(answer, why);
        } catch (DeadlineException silent) {
            giveUp(why, silent);
            throw why;
        } catch (PostgresException e) {
            if (e.sqlState().equals("57014")) {
                throw why;
            }
            throw e;
        }
    }

    /** Has the server give up what it does, and waits for the answer, for the time of grace. */
    <R> R cancelAndAwait(Answer<R> answer, Exception why) throws IOException {
        return Scope.shield(
                options.cancelGrace(),
                () -> {
                    if (!answer.isThere()) {
                        tryToCancel(why);
                    }
                    return answer.<IOException>await();
                });
    }

    private void tryToCancel(Exception why) throws IOException {
        try {
            cancel();
        } catch (PostgresException e) {
            // The command may end by itself.
            why.addSuppressed(e);
        }
    }

    /** The server does not answer, so nobody knows what the connection would say next. */
    void giveUp(Exception why, DeadlineException silent) throws IOException {
        var lost =
                new PostgresException(
                        PostgresException.CONNECTION_FAILURE,
                        "the server did not cancel a command within "
                                + options.cancelGrace()
                                + ": the connection is closed",
                        silent);
        why.addSuppressed(lost);
        Scope.shield(
                options.cancelGrace(),
                () ->
                        driver.callHere(own -> {
                            own.lose(lost);
                            return true;
                        }));
    }

    ConnectOptions options() {
        return options;
    }

    @Override
    public String toString() {
        return driver + ", process " + process;
    }
}
