package dev.volokno.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * What other threads hand to the loop, and the protocol that wakes it: at most one wake-up for each
 * sleep, none while the loop runs, and no item is left behind by a loop that goes to sleep.
 *
 * <pre>
 *   producer: add item; if sleeping, take the flag down; who took it down wakes the loop
 *   loop:     put the flag up; look again: if there is an item, take the flag down and do not sleep
 * </pre>
 *
 * Each side writes before it reads the other's word, and both words are volatile, so at least one
 * of them sees the other.
 */
public final class Inbox<T> {
    private static final VarHandle SLEEPING;

    static {
        try {
            SLEEPING = MethodHandles.lookup().findVarHandle(Inbox.class, "sleeping", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ConcurrentLinkedQueue<T> items = new ConcurrentLinkedQueue<>();

    private volatile boolean sleeping;

    /** Any thread. Whether the caller has to wake the loop. */
    public boolean put(T item) {
        items.add(item);
        return sleeping && (boolean) SLEEPING.getAndSet(this, false);
    }

    /** The loop: whether it may sleep now. */
    public boolean prepareToSleep() {
        sleeping = true;
        if (items.isEmpty()) {
            return true;
        }
        sleeping = false;
        return false;
    }

    /** The loop is awake, for whatever reason. */
    public void awake() {
        if (sleeping) {
            sleeping = false;
        }
    }

    public boolean isSleeping() {
        return sleeping;
    }

    public @Nullable T take() {
        return items.poll();
    }

    public boolean isEmpty() {
        return items.isEmpty();
    }
}
