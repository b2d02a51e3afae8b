package dev.volokno.fiber;

import dev.volokno.CancelledException;
import dev.volokno.DeadlineException;
import dev.volokno.engine.Cell;
import dev.volokno.engine.Place;
import dev.volokno.engine.Strand;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Hands elements from fiber to fiber, of one loop or of several, and from and to plain threads. It
 * holds up to {@code capacity} elements that nobody has received yet; a sender that finds it full
 * waits, so the slower side sets the pace. With a capacity of 0 each {@link #send} waits for its
 * receiver.
 *
 * <p>Elements are received in the order they were sent, and senders and receivers are served in the
 * order they came. A wait is cancellable, and then nothing was sent or received: no element is
 * lost, and none is sent twice.
 *
 * @param <T> the elements; null is none
 */
public final class Channel<T> implements Iterable<T>, AutoCloseable {
    private final int capacity;

    // All below under the lock; whoever holds it never waits.
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<T> elements = new ArrayDeque<>();
    private final ArrayDeque<Party<T>> senders = new ArrayDeque<>();
    private final ArrayDeque<Party<T>> receivers = new ArrayDeque<>();
    private boolean closed;

    /**
     * One that waits on either side. Its element is what it sends, or what it has received; none
     * when the channel was closed instead.
     */
    private static final class Party<T> {
        final Place place;
        @Nullable T element;

        Party(Place place) {
            this.place = place;
        }

        static <T> Party<T> of(Strand caller, String what, Channel<T> channel) {
            return new Party<>(new Place(new Cell(caller.thread(), what, channel), 0));
        }
    }

    private Channel(int capacity) {
        this.capacity = capacity;
    }

    /** A channel that holds up to {@code capacity} elements. */
    public static <T> Channel<T> bounded(int capacity) {
        if (capacity < 0) {
            throw new IllegalArgumentException("a capacity of " + capacity);
        }
        return new Channel<>(capacity);
    }

    /** A channel that holds nothing: a sender waits for its receiver. */
    public static <T> Channel<T> rendezvous() {
        return new Channel<>(0);
    }

    // ---- sending

    /**
     * Sends an element; waits while the channel is full. Parks.
     *
     * @throws ChannelClosedException if the channel is closed, also while waiting; the element was
     *     not sent
     * @throws CancelledException if cancelled meanwhile; the element was not sent
     */
    public void send(T element) {
        Objects.requireNonNull(element, "element");
        Strand caller = Strand.current();
        caller.checkpoint();
        Party<T> waiting = sendOrQueue(element, caller);
        if (waiting == null) {
            caller.letOthersRun();
            return;
        }
        await(caller, waiting, senders);
        if (waiting.element != null) {
            throw closed();
        }
    }

    /**
     * Like {@link #send(Object)}, for a limited time.
     *
     * @throws DeadlineException if it is over; the element was not sent
     */
    public void send(T element, Duration timeout) throws DeadlineException {
        Deadline.within(timeout, () -> send(element));
    }

    /**
     * Sends an element if that needs no wait.
     *
     * @throws ChannelClosedException if the channel is closed
     */
    public boolean trySend(T element) {
        Objects.requireNonNull(element, "element");
        lock.lock();
        try {
            return offer(element);
        } finally {
            lock.unlock();
        }
    }

    /** Who waits now; null if the element was sent. */
    private @Nullable Party<T> sendOrQueue(T element, Strand caller) {
        lock.lock();
        try {
            if (offer(element)) {
                return null;
            }
            var sender = Party.of(caller, "room in", this);
            sender.element = element;
            senders.add(sender);
            return sender;
        } finally {
            lock.unlock();
        }
    }

    private boolean offer(T element) {
        if (closed) {
            throw closed();
        }
        if (handToReceiver(element)) {
            return true;
        }
        return elements.size() < capacity && elements.add(element);
    }

    private boolean handToReceiver(T element) {
        Party<T> receiver = receivers.poll();
        while (receiver != null) {
            receiver.element = element;
            if (receiver.place.fill()) {
                return true;
            }
            // It was cancelled meanwhile, and does not look at its element.
            receiver = receivers.poll();
        }
        return false;
    }

    // ---- receiving

    /**
     * Receives the next element; waits until there is one. Parks.
     *
     * @throws ChannelClosedException if the channel is closed and nothing is left
     * @throws CancelledException if cancelled meanwhile; nothing was received
     */
    public T receive() {
        T element = receiveUnlessClosed();
        if (element == null) {
            throw closed();
        }
        return element;
    }

    /**
     * Like {@link #receive()}, for a limited time.
     *
     * @throws DeadlineException if it is over; nothing was received
     */
    public T receive(Duration timeout) throws DeadlineException {
        return Deadline.within(timeout, () -> receive());
    }

    /** Receives an element if that needs no wait; empty if none is there, or none will ever be. */
    public Optional<T> tryReceive() {
        lock.lock();
        try {
            return Optional.ofNullable(take());
        } finally {
            lock.unlock();
        }
    }

    private @Nullable T receiveUnlessClosed() {
        Strand caller = Strand.current();
        caller.checkpoint();
        T element;
        Party<T> waiting = null;
        lock.lock();
        try {
            element = take();
            if (element == null && !closed) {
                waiting = Party.of(caller, "an element of", this);
                receivers.add(waiting);
            }
        } finally {
            lock.unlock();
        }
        if (waiting == null) {
            caller.letOthersRun();
            return element;
        }
        await(caller, waiting, receivers);
        return waiting.element;
    }

    /** The oldest element, and the first waiting sender's in its place. */
    private @Nullable T take() {
        T element = elements.poll();
        T sent = takeFromSender();
        if (element == null) {
            return sent;
        }
        if (sent != null) {
            elements.add(sent);
        }
        return element;
    }

    private @Nullable T takeFromSender() {
        Party<T> sender = senders.poll();
        while (sender != null) {
            T element = sender.element;
            // Before it wakes: what a sender still has was not sent.
            sender.element = null;
            if (sender.place.fill()) {
                return element;
            }
            sender = senders.poll();
        }
        return null;
    }

    private void await(Strand caller, Party<T> party, ArrayDeque<Party<T>> queue) {
        try {
            caller.await(party.place.cell());
        } catch (CancelledException e) {
            leave(queue, party);
            throw e;
        }
    }

    private void leave(ArrayDeque<Party<T>> queue, @Nullable Party<T> party) {
        lock.lock();
        try {
            queue.remove(party);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The elements as they come, each received; ends when the channel is closed and nothing is
     * left. Going on to the next one parks.
     */
    @Override
    public Iterator<T> iterator() {
        return new Iterator<>() {
            private @Nullable T next;
            private boolean ended;

            @Override
            public boolean hasNext() {
                if (next == null && !ended) {
                    next = receiveUnlessClosed();
                    ended = next == null;
                }
                return next != null;
            }

            @Override
            public T next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("the channel is closed and empty");
                }
                T element = Objects.requireNonNull(next);
                next = null;
                return element;
            }
        };
    }

    // ---- beside other events

    /** The event that an element comes, for {@link Select}. */
    public Event<T> receiving() {
        return new Receiving();
    }

    /** The event that {@code element} can be sent, and is, for {@link Select}. */
    public Event<T> sending(T element) {
        return new Sending(Objects.requireNonNull(element, "element"));
    }

    private final class Receiving extends Event<T> {
        private @Nullable Party<T> party;
        private @Nullable T element;

        @Override
        protected boolean tryTake() {
            lock.lock();
            try {
                return took(take());
            } finally {
                lock.unlock();
            }
        }

        private boolean took(@Nullable T received) {
            element = received;
            if (received == null && closed && elements.isEmpty()) {
                throw closed();
            }
            return received != null;
        }

        @Override
        protected void begin(Place place) {
            var ours = new Party<T>(place);
            party = ours;
            lock.lock();
            try {
                if (!elements.isEmpty() || closed || anyMeets(senders, place)) {
                    ours.element = place.fill() ? take() : null;
                } else {
                    receivers.add(ours);
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        protected void end() {
            leave(receivers, party);
        }

        @Override
        protected boolean isTaken() {
            lock.lock();
            try {
                return took(party == null ? null : party.element);
            } finally {
                lock.unlock();
            }
        }

        @Override
        protected T value() {
            return Objects.requireNonNull(element);
        }
    }

    private final class Sending extends Event<T> {
        private final T element;
        private @Nullable Party<T> party;
        private boolean sent;

        Sending(T element) {
            this.element = element;
        }

        @Override
        protected boolean tryTake() {
            return trySend(element);
        }

        @Override
        protected void begin(Place place) {
            var ours = new Party<T>(place);
            ours.element = element;
            party = ours;
            sent = false;
            lock.lock();
            try {
                if (closed || elements.size() < capacity || anyMeets(receivers, place)) {
                    sent = place.fill() && !closed && offer(element);
                } else {
                    senders.add(ours);
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        protected void end() {
            leave(senders, party);
        }

        @Override
        protected boolean isTaken() {
            boolean taken = sent || (party != null && party.element == null);
            if (!taken && isClosed()) {
                throw closed();
            }
            return taken;
        }

        @Override
        protected T value() {
            return element;
        }
    }

    /** Whether one of {@code others} waits still; two places of one wait do not meet. */
    private static <T> boolean anyMeets(ArrayDeque<Party<T>> others, Place place) {
        for (Party<T> other : others) {
            if (other.place.canMeet(place)) {
                return true;
            }
        }
        return false;
    }

    // ---- the end

    /**
     * Nothing can be sent any more; what was sent before can still be received. Senders that wait
     * are refused, and receivers that wait are told. Closing again does nothing.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            refuse(senders);
            refuse(receivers);
        } finally {
            lock.unlock();
        }
    }

    private static <T> void refuse(ArrayDeque<Party<T>> waiting) {
        waiting.forEach(party -> party.place.fill());
        waiting.clear();
    }

    /** Whether it was closed; elements may be left. */
    public boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** How many elements it holds. */
    public int size() {
        lock.lock();
        try {
            return elements.size();
        } finally {
            lock.unlock();
        }
    }

    private ChannelClosedException closed() {
        return new ChannelClosedException("the channel is closed");
    }

    @Override
    public String toString() {
        return "channel of " + size() + "/" + capacity + (isClosed() ? ", closed" : "");
    }
}
