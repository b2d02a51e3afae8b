package dev.volokno.mosquitto;

import dev.volokno.CancelledException;
import dev.volokno.DeadlineException;
import dev.volokno.fiber.Channel;
import dev.volokno.fiber.ChannelClosedException;
import dev.volokno.fiber.Event;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The messages of one subscription, in the order they came. It lives over lost connections: the
 * client subscribes again by itself. Several fibers may receive, and each message goes to one.
 */
public final class Subscription implements Iterable<Message>, Closeable {
    private final Mosquitto owner;
    private final String filter;
    private final Qos qos;
    private final int limit;
    private final SlowReader slowReader;
    private final TopicFilter topics;
    private final Channel<Message> messages = Channel.bounded(Integer.MAX_VALUE);
    private final AtomicLong dropped = new AtomicLong();

    /** The client does not read because of this one; whoever makes room says so. */
    private volatile boolean holdsBack;

    Subscription(Mosquitto owner, String filter, Qos qos, int limit, SlowReader slowReader) {
        this.owner = owner;
        this.filter = filter;
        this.qos = qos;
        this.limit = limit;
        this.slowReader = slowReader;
        topics = new TopicFilter(filter);
    }

    /** What was subscribed to. */
    public String filter() {
        return filter;
    }

    Qos qos() {
        return qos;
    }

    // ---- the client's side

    boolean matches(String topic) {
        return topics.matches(topic);
    }

    void came(Message message) {
        if (messages.isClosed()) {
            return;
        }
        boolean full = slowReader != SlowReader.HOLD_BACK && messages.size() >= limit;
        if (full) {
            dropped.incrementAndGet();
            if (slowReader == SlowReader.DROP_NEWEST) {
                return;
            }
            Optional<Message> _ = messages.tryReceive();
        }
        messages.trySend(message);
    }

    /** Whether it is so full that the client is not to read on. */
    boolean isFull() {
        boolean full =
                slowReader == SlowReader.HOLD_BACK
                        && messages.size() > (holdsBack ? limit / 2 : limit - 1);
        holdsBack = full;
        return full;
    }

    void end() {
        messages.close();
    }

    // ---- the user's side

    /**
     * The next message; waits for one. Parks.
     *
     * @throws ChannelClosedException if the subscription or the client has ended, and nothing is
     *     left
     * @throws CancelledException if cancelled meanwhile; nothing was taken
     */
    public Message receive() {
        Message message = messages.receive();
        makeRoom();
        return message;
    }

    /**
     * Like {@link #receive()}, for a limited time.
     *
     * @throws DeadlineException if it is over
     */
    public Message receive(Duration timeout) throws DeadlineException {
        Message message = messages.receive(timeout);
        makeRoom();
        return message;
    }

    /** The next message, if one is there. */
    public Optional<Message> tryReceive() {
        Optional<Message> message = messages.tryReceive();
        makeRoom();
        return message;
    }

    private void makeRoom() {
        if (holdsBack && messages.size() <= limit / 2) {
            owner.readOn();
        }
    }

    /** The event that a message comes, for {@link dev.volokno.fiber.Select}. */
    public Event<Message> receiving() {
        return messages.receiving();
    }

    /** The messages as they come, until the subscription or the client ends. */
    @Override
    public Iterator<Message> iterator() {
        Iterator<Message> all = messages.iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return all.hasNext();
            }

            @Override
            public Message next() {
                if (!all.hasNext()) {
                    throw new NoSuchElementException("the subscription has ended");
                }
                Message message = all.next();
                makeRoom();
                return message;
            }
        };
    }

    /** How many messages are here that nobody has received. */
    public int size() {
        return messages.size();
    }

    /** How many messages were dropped here. */
    public long dropped() {
        return dropped.get();
    }

    /**
     * Ends it. Messages that are here can still be received. The broker is told as soon as there is
     * a connection; does not wait for it.
     */
    @Override
    public void close() throws IOException {
        messages.close();
        owner.unsubscribe(this);
    }

    @Override
    public String toString() {
        return "subscription to " + filter + ", " + size() + " messages";
    }
}
