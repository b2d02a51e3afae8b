package dev.volokno.mosquitto;

import dev.volokno.fd.Fd.Condition;
import dev.volokno.foreign.Answer;
import dev.volokno.foreign.CString;
import dev.volokno.foreign.Driven;
import dev.volokno.foreign.Upcalls;
import dev.volokno.foreign.Watch;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A handle of libmosquitto's. Its socket comes and goes inside nearly every call, and not every way
 * in which a connection ends is called back, so it is asked after each.
 *
 * <pre>
 *   IDLE --connect()----> CONNECTING --CONNACK--> CONNECTED
 *   IDLE --lend()-------> LENT: another thread has the handle --takeBack()--> CONNECTING
 *   CONNECTING, CONNECTED --the socket is gone, a call fails, or is refused--> IDLE
 *   any but LENT --disconnect()--> LEAVING: until the broker is told
 * </pre>
 */
final class Client implements Driven {
    private static final Set<Condition> READ = Set.of(Condition.READABLE);
    private static final Set<Condition> WRITE = Set.of(Condition.WRITABLE);
    private static final Set<Condition> BOTH = Set.of(Condition.READABLE, Condition.WRITABLE);

    /** Errors and hang-ups are always told. */
    private static final Set<Condition> NEITHER = Set.of(Condition.PRIORITY);

    private static final Set<Condition> ONLY_WRITE = Set.of(Condition.PRIORITY, Condition.WRITABLE);

    /** So many reads follow each other before others have their turn. */
    private static final int READS = 64;

    private static final long SECOND = 1_000_000_000L;
    private static final long HANDSHAKE_TICK = SECOND / 20;

    /** Who receives by a select says nothing when there is room again. */
    private static final long FULL_TICK = SECOND / 20;

    private static final String NOTHING = "volokno/sign-of-life";

    private static final int REFUSED = 0x80;

    private static final int NOT_LENT = 0;
    private static final int LENT = 1;
    private static final int DROPPED = 2;
    private static final int ORPHANED = 3;

    private enum State {
        IDLE,
        LENT,
        CONNECTING,
        CONNECTED,
        LEAVING
    }

    private final MosquittoOptions options;
    private final MemorySegment handle;
    private final long tick;
    private final Outbox outbox;
    private final Writing writing;
    private final Told told = new Told();
    final Subscriptions subscriptions;
    private final Events events;

    /** Whether another thread has the handle, and who of both was done with it first. */
    private final AtomicInteger loan = new AtomicInteger();

    private State state = State.IDLE;

    private Answer<Boolean> accepted = new Answer<>("the broker's word");
    private Answer<IOException> lost = new Answer<>("the end of the connection");
    private long nextTick;

    /** The TCP connection of a TLS handshake is there. */
    private boolean tcpThere;

    /** When reading was held back last, and when a sign of life was sent for it. */
    private long heldBackAt;

    private long signAt;

    Client(MosquittoOptions options, Upcalls upcalls, AtomicLong connections) throws IOException {
        this.options = options;
        tick = isTls() ? SECOND : SECOND * Math.clamp(options.keepAliveSeconds() / 10, 1, 10);
        handle = Setup.handle(options);
        outbox = new Outbox(handle, options.isVersion5());
        writing = new Writing(handle);
        subscriptions = new Subscriptions(handle, upcalls.arena(), options);
        heldBackAt = System.nanoTime() - neverNanos();
        events = new Events(outbox, subscriptions, connections);
        events.listenTo(handle, upcalls);
        if (!options.session().isZero()) {
            events.listenToLog(handle, upcalls);
        }
    }

    /** Longer than a connection lives that is not heard of. */
    private long neverNanos() {
        return 2 * SECOND * options.keepAliveSeconds();
    }

    private boolean isTls() {
        return options.tls().isPresent();
    }

    // ---- connecting

    /** Begins to connect; given once the broker has accepted it. */
    Answer<Boolean> connect(String host, int port) throws IOException {
        Client _ = lend();
        return takeBack(connectOf(host, port));
    }

    /** Another thread is to call {@link #connectOf}; nobody else uses the handle meanwhile. */
    Client lend() {
        state = State.LENT;
        loan.set(LENT);
        events.forget();
        tcpThere = false;
        accepted = new Answer<>("the broker's word");
        lost = new Answer<>("the end of the connection");
        return this;
    }

    /** Connects, which waits for nobody if {@code host} is in numbers. */
    int connectOf(String host, int port) {
        try (var arena = Arena.ofConfined()) {
            return Libmosquitto.connect(
                    handle, CString.of(arena, host), port, options.keepAliveSeconds());
        }
    }

    Answer<Boolean> takeBack(int result) throws IOException {
        loan.set(NOT_LENT);
        state = State.CONNECTING;
        if (result > 0) {
            state = State.IDLE;
            throw MqttException.failed("connect to " + options, result);
        }
        told.forget();
        nextTick = System.nanoTime() + (isTls() ? HANDSHAKE_TICK : tick);
        settle();
        return accepted;
    }

    /** On the other thread, which does not bring it back. */
    void drop() {
        boolean wanted = loan.compareAndSet(LENT, DROPPED);
        if (!wanted && loan.compareAndSet(ORPHANED, DROPPED)) {
            Libmosquitto.destroy(handle);
        }
    }

    /** The broker has not answered in time. */
    boolean giveUp() {
        if (state == State.CONNECTING) {
            state = State.IDLE;
        }
        return true;
    }

    /** Given when the connection is lost, with the reason. */
    Answer<IOException> lost() {
        return lost;
    }

    boolean isConnected() {
        return state == State.CONNECTED;
    }

    private boolean hasConnection() {
        return isUp() || state == State.LEAVING;
    }

    private boolean isUp() {
        return state == State.CONNECTING || state == State.CONNECTED;
    }

    /** Publishes, now or when there is a connection. Also in the place of the driver's fiber. */
    boolean publish(Publication publication) {
        outbox.publish(publication, isConnected());
        writing.published();
        return true;
    }

    // ---- what the driver calls

    @Override
    public void prepare(Watch watch) {
        if (writing.isToWaitForMore()) {
            told.soon(watch);
            return;
        }
        if (hasConnection() && Libmosquitto.wantsToWrite(handle)) {
            write();
            settle();
        }
        if (state == State.IDLE || state == State.LENT) {
            told.nothing(watch);
            return;
        }
        Set<Condition> wanted = wanted();
        told.on(watch, Libmosquitto.socket(handle), wanted);
        boolean full = wanted == NEITHER || wanted == ONLY_WRITE;
        told.at(watch, full ? Math.min(nextTick, System.nanoTime() + FULL_TICK) : nextTick);
    }

    private Set<Condition> wanted() {
        boolean write = Libmosquitto.wantsToWrite(handle);
        if (state == State.LEAVING) {
            return write ? WRITE : NEITHER;
        }
        if (state == State.CONNECTING && isTls()) {
            // The library says nothing of use during the handshake: it wants to write when it has
            // nothing to write, and has to be told of the TCP connection by a call to read.
            return tcpThere ? READ : BOTH;
        }
        if (state == State.CONNECTED && subscriptions.areFull()) {
            heldBackAt = System.nanoTime();
            return write ? ONLY_WRITE : NEITHER;
        }
        return write ? BOTH : READ;
    }

    @Override
    public void ready(int fd, Set<Condition> conditions) {
        boolean handshake = state == State.CONNECTING && isTls();
        tcpThere = true;
        if (state == State.LEAVING && !conditions.equals(WRITE)) {
            // The broker has gone first.
            left();
            return;
        }
        if (!conditions.equals(WRITE) || handshake) {
            read();
        }
        if (conditions.contains(Condition.WRITABLE) || handshake) {
            write();
        }
        settle();
        boolean gone =
                conditions.contains(Condition.ERROR) || conditions.contains(Condition.HANG_UP);
        if (handshake && gone && state == State.CONNECTING) {
            // The library takes a handshake that was cut off for one that goes on.
            settle(Libmosquitto.MOSQ_ERR_CONN_LOST);
        }
    }

    private void read() {
        int before;
        int left = READS;
        do {
            before = events.count();
            int result = Libmosquitto.read(handle);
            writing.answering(events.count() - before);
            settle(result);
            if (isUp() && subscriptions.duplicates().takeStuck()) {
                // Before anything is written: the broker must not learn that it was heard.
                connectionLost(new IOException("a message is to be released once more"));
            }
            left--;
            // What is left in OpenSSL's buffers is not told as readable.
        } while (left > 0 && isUp() && events.count() != before && !subscriptions.areFull());
    }

    private void write() {
        if (hasConnection()) {
            settle(writing.write());
        }
    }

    @Override
    public void due() {
        told.cameDue();
        boolean handshake = state == State.CONNECTING && isTls();
        boolean ticks = nextTick - System.nanoTime() <= 0;
        if (ticks) {
            nextTick = System.nanoTime() + (handshake ? HANDSHAKE_TICK : tick);
        }
        if (handshake || (isTls() && !subscriptions.areFull())) {
            read();
        }
        write();
        if (ticks && isUp()) {
            signOfLife();
        }
        settle();
    }

    /**
     * The library closes a connection whose answer to a ping does not come; it cannot come while
     * nothing is read, nor soon after, behind all the messages. So the sign of life is another one
     * then, to which no answer is awaited.
     */
    private void signOfLife() {
        long now = System.nanoTime();
        if (now - heldBackAt >= neverNanos()) {
            settle(Libmosquitto.misc(handle));
        } else if (now - signAt >= SECOND * options.keepAliveSeconds() / 2) {
            signAt = now;
            boolean _ = subscriptions.unsubscribe(NOTHING);
        }
    }

    private void settle(int result) {
        if (result > 0 && isUp()) {
            boolean refused =
                    state == State.CONNECTING && events.takeAnswered() && events.answer() != 0;
            connectionLost(refused ? refusal() : loss(result));
        }
    }

    /** Looks at what the calls before have led to. */
    private void settle() {
        if (state == State.CONNECTING && events.takeAnswered()) {
            if (events.answer() == 0) {
                connected();
            } else {
                connectionLost(refusal());
            }
        }
        if (isUp() && Libmosquitto.socket(handle) < 0) {
            connectionLost(loss(Libmosquitto.MOSQ_ERR_CONN_LOST));
        }
        if (state == State.LEAVING && Libmosquitto.socket(handle) < 0) {
            left();
        }
    }

    private void left() {
        state = State.IDLE;
        lost.give(new IOException("the client has left"));
    }

    private void connected() {
        state = State.CONNECTED;
        nextTick = System.nanoTime() + tick;
        subscriptions.connected(events.isSessionPresent());
        outbox.publishWaiting();
        accepted.give(true);
    }

    /** What ended the connection: the broker's own word for it, if it had one. */
    private IOException loss(int result) {
        int reason = events.disconnectReason();
        return reason >= REFUSED
                ? MqttException.refused("the connection to " + options, reason)
                : MqttException.failed("connection to " + options, result);
    }

    private IOException refusal() {
        return MqttException.notAccepted(options.toString(), events.answer());
    }

    private void connectionLost(IOException why) {
        state = State.IDLE;
        outbox.connectionLost(why);
        if (!accepted.fail(why)) {
            lost.give(why);
        }
    }

    // ---- the end

    /** Tells the broker, if there is a connection; given when that is done. */
    Answer<IOException> leave() {
        boolean connected = isConnected();
        if (state != State.LENT) {
            state = connected ? State.LEAVING : State.IDLE;
        }
        if (connected) {
            nextTick = System.nanoTime() + SECOND;
            int _ = Libmosquitto.disconnect(handle);
            settle();
        } else {
            lost.give(new IOException("there is no connection"));
        }
        return lost;
    }

    @Override
    public void end(Optional<Throwable> failure) {
        var why = new IOException("the client has ended", failure.orElse(null));
        outbox.end(why);
        subscriptions.end(why);
        accepted.fail(why);
        lost.give(why);
        // Whoever has borrowed it frees it then.
        if (!loan.compareAndSet(LENT, ORPHANED)) {
            Libmosquitto.destroy(handle);
        }
    }
}
