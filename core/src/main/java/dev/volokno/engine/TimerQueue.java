package dev.volokno.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Timers by deadline: a heap of four children a node, each timer knowing its place, so that arming
 * and cancelling cost O(log n) and a million timers eight bytes each besides themselves. Loop
 * thread only.
 */
public final class TimerQueue {
    private static final int CHILDREN = 4;

    private @Nullable Timer[] heap = new Timer[64];
    private int size;
    private long expiredCount;
    private long nextSequence;

    /** Arms a timer that is not armed. {@code deadlineNanos} is a {@link System#nanoTime} value. */
    public void arm(Timer timer, long deadlineNanos) {
        assert !timer.armed();
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        timer.deadlineNanos = deadlineNanos;
        timer.sequence = nextSequence++;
        siftUp(size++, timer);
    }

    /** Disarms a timer; nothing happens if it is not armed. */
    public void cancel(Timer timer) {
        int index = timer.index;
        if (index == Timer.NOT_QUEUED) {
            return;
        }
        timer.index = Timer.NOT_QUEUED;
        Timer moved = at(--size);
        heap[size] = null;
        if (moved != timer) {
            siftDown(index, moved);
            if (moved.index == index) {
                siftUp(index, moved);
            }
        }
    }

    /**
     * Runs every timer whose deadline is at or before {@code now}; those armed meanwhile wait for
     * the next call.
     */
    public int expire(long now) {
        long limit = nextSequence;
        int count = 0;
        while (size > 0) {
            Timer first = at(0);
            if (first.deadlineNanos - now > 0 || first.sequence >= limit) {
                break;
            }
            cancel(first);
            first.expired();
            count++;
        }
        expiredCount += count;
        return count;
    }

    /** How many have expired so far. */
    long expiredCount() {
        return expiredCount;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public int size() {
        return size;
    }

    /** How long from {@code now} until the first deadline: 0 if it is over, -1 if there is none. */
    public long delay(long now) {
        return size == 0 ? -1 : Math.max(0, at(0).deadlineNanos - now);
    }

    /** The first deadline, if there is one. */
    long firstNanos() {
        return at(0).deadlineNanos;
    }

    /** Takes out the timer that is due first. */
    @Nullable Timer removeFirst() {
        if (size == 0) {
            return null;
        }
        Timer first = at(0);
        cancel(first);
        return first;
    }

    private Timer at(int index) {
        Timer timer = heap[index];
        assert timer != null;
        return timer;
    }

    private void siftUp(int from, Timer timer) {
        int index = from;
        while (index > 0) {
            int parent = (index - 1) / CHILDREN;
            Timer above = at(parent);
            if (!before(timer, above)) {
                break;
            }
            put(index, above);
            index = parent;
        }
        put(index, timer);
    }

    private void siftDown(int from, Timer timer) {
        int index = from;
        int child = firstChild(index);
        while (child < size) {
            int least = leastOf(child);
            if (!before(at(least), timer)) {
                break;
            }
            put(index, at(least));
            index = least;
            child = firstChild(index);
        }
        put(index, timer);
    }

    private int leastOf(int firstChild) {
        int least = firstChild;
        int end = Math.min(firstChild + CHILDREN, size);
        for (int child = firstChild + 1; child < end; child++) {
            if (before(at(child), at(least))) {
                least = child;
            }
        }
        return least;
    }

    private void put(int index, Timer timer) {
        heap[index] = timer;
        timer.index = index;
    }

    private static int firstChild(int index) {
        return CHILDREN * index + 1;
    }

    private static boolean before(Timer a, Timer b) {
        // A difference and not a comparison: nanoTime may overflow.
        long difference = a.deadlineNanos - b.deadlineNanos;
        return difference < 0 || (difference == 0 && a.sequence < b.sequence);
    }
}
