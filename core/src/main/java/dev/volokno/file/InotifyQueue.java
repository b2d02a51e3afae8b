package dev.volokno.file;

import dev.volokno.backend.ReadOperation;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Turns.Direction;
import dev.volokno.fiber.Deadline;
import dev.volokno.linux.SysInotify;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The kernel's events, read in batches. */
final class InotifyQueue {
    /** Room for a thousand events or more; one takes at most 272 bytes. */
    private static final int CAPACITY = 65_536;

    private static final int LONGEST_EVENT = SysInotify.EVENT_SIZE + 256;

    /**
     * The kernel queues both halves of a move one after the other, but not in one step: so long the
     * second is waited for.
     */
    private static final Duration PAIRING = Duration.ofMillis(10);

    private static final long NANOS_PER_MILLI = 1_000_000;

    /** Others' events between the halves of a move are held up to this many. */
    private static final int MOST_HELD = 100_000;

    private final Descriptor descriptor;
    private final ReadOperation read;
    private final ByteBuffer buffer =
            ByteBuffer.allocateDirect(CAPACITY).order(ByteOrder.nativeOrder());
    private final ArrayDeque<RawEvent> events = new ArrayDeque<>();
    private long batches;
    private long caughtUp = System.currentTimeMillis() * NANOS_PER_MILLI;

    InotifyQueue(Descriptor descriptor) {
        this.descriptor = descriptor;
        read = new ReadOperation(descriptor.handle(), false);
    }

    /** The next event. Parks. */
    RawEvent next() throws IOException {
        RawEvent event = events.poll();
        while (event == null) {
            read();
            event = events.poll();
        }
        return event;
    }

    /** The event after the one that was taken, if it has been read. */
    @Nullable RawEvent peek() {
        return events.peek();
    }

    /** Takes out the second half of a move; empty if it led out of what is watched. */
    Optional<RawEvent> partner(RawEvent from) throws IOException {
        while (true) {
            RawEvent to = takePartner(from.cookie());
            if (to != null) {
                return Optional.of(to);
            }
            long left = PAIRING.toNanos() - (System.nanoTime() - from.batch().nanos());
            if (left <= 0 || events.size() > MOST_HELD) {
                return Optional.empty();
            }
            Deadline.tryWithin(
                    Duration.ofNanos(left),
                    () -> {
                        read();
                        return true;
                    });
        }
    }

    private @Nullable RawEvent takePartner(int cookie) {
        for (Iterator<RawEvent> each = events.iterator(); each.hasNext(); ) {
            RawEvent event = each.next();
            if (event.cookie() == cookie && event.is(SysInotify.IN_MOVED_TO)) {
                each.remove();
                return event;
            }
        }
        return null;
    }

    /**
     * Drops what has been queued. A tree that is never quiet would go on for ever: no more than
     * {@code most} batches.
     */
    void drop(int most) throws IOException {
        events.clear();
        for (int i = 0; i < most && tryRead(); i++) {
            events.clear();
        }
    }

    /** The wall clock when the kernel had lost nothing yet, in nanoseconds. */
    long caughtUp() {
        return caughtUp;
    }

    private void read() throws IOException {
        descriptor.enter(Direction.READ);
        try {
            decode(descriptor.read(read.into(buffer.clear())));
        } finally {
            read.letGo();
            descriptor.leave(Direction.READ);
        }
    }

    private boolean tryRead() throws IOException {
        descriptor.enter(Direction.READ);
        try {
            long length = descriptor.attempt(read.into(buffer.clear()));
            if (length > 0) {
                decode(length);
            }
            return length > 0;
        } finally {
            read.letGo();
            descriptor.leave(Direction.READ);
        }
    }

    private void decode(long length) {
        var batch = new RawEvent.Batch(++batches, System.nanoTime());
        int at = 0;
        while (at < length) {
            int nameLength = buffer.getInt(at + SysInotify.EVENT_LEN);
            events.add(
                    new RawEvent(
                            buffer.getInt(at),
                            buffer.getInt(at + SysInotify.EVENT_MASK),
                            buffer.getInt(at + SysInotify.EVENT_COOKIE),
                            name(at + SysInotify.EVENT_SIZE, nameLength),
                            batch));
            at += SysInotify.EVENT_SIZE + nameLength;
        }
        boolean tookAll = length < CAPACITY - LONGEST_EVENT;
        if (tookAll && events.stream().noneMatch(event -> event.is(SysInotify.IN_Q_OVERFLOW))) {
            caughtUp = System.currentTimeMillis() * NANOS_PER_MILLI;
        }
    }

    private String name(int start, int room) {
        var bytes = new byte[room];
        buffer.get(start, bytes);
        int length = 0;
        while (length < room && bytes[length] != 0) {
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }
}
