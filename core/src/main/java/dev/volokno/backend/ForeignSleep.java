package dev.volokno.backend;

import dev.volokno.linux.Errno;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sleep of a fiber that drives a C library: until one of the library's descriptors is ready, or
 * somebody {@linkplain #wake wakes} it. Used again for every sleep, and it remembers in between
 * what is waited for: only descriptors that were named anew or have had an event cost a system
 * call.
 *
 * <p>What is waited for, and what came, belongs to the fiber while it does not sleep; everything
 * else to the loop.
 */
public final class ForeignSleep extends Operation {
    private final ForeignSet set;
    private final String sleeper;

    // The fiber's, and the loop's while the fiber sleeps.
    private final Pairs changes = new Pairs();
    private final Pairs told = new Pairs();
    private boolean glance;

    // The loop's.
    private final Map<Integer, Entry> entries = new HashMap<>();
    private final List<Entry> unarmed = new ArrayList<>();
    private boolean known;
    private boolean sleeping;
    private boolean woken;

    /** A sleep in {@code set}; {@code sleeper} tells a person whose. */
    public ForeignSleep(ForeignSet set, String sleeper) {
        super(null);
        this.set = set;
        this.sleeper = sleeper;
    }

    /** One descriptor, as long as the library names it. */
    private final class Entry implements ForeignWait {
        final int number;
        int events;
        boolean armed;

        Entry(int number) {
            this.number = number;
        }

        @Override
        public int foreignNumber() {
            return number;
        }

        @Override
        public int readiness() {
            return events;
        }

        @Override
        public void found(long result) {
            armed = false;
            unarmed.add(this);
            // One that comes while the fiber is awake is asked for again before it sleeps.
            if (sleeping) {
                if (told.isEmpty()) {
                    set.wakeLater(ForeignSleep.this);
                }
                told.add(number, (int) result);
            }
        }
    }

    // ---- the fiber's side, before and after

    /**
     * From the next sleep on, {@code number} is waited for until one of these poll(2) events; 0: it
     * is not. Named again, it is taken for another file than before.
     */
    public void watch(int number, int events) {
        changes.add(number, events);
    }

    /** Whether {@code number} was named anew, or no more, since the last sleep. */
    public boolean isChanged(int number) {
        for (int i = 0; i < changes.size(); i++) {
            if (changes.first(i) == number) {
                return true;
            }
        }
        return false;
    }

    /** The next sleep is only a look at what is there. */
    public void glance() {
        glance = true;
    }

    /** How many descriptors the last sleep has something to tell of. */
    public int told() {
        return told.size();
    }

    /** Nothing of it is left to tell. */
    public void allTold() {
        told.clear();
    }

    public int toldNumber(int index) {
        return told.first(index);
    }

    /** The poll(2) events, or a negated errno. */
    public int toldOf(int index) {
        return told.second(index);
    }

    // ---- the loop's side

    @Override
    public long submitTo(Backend backend) {
        if (set.isEnded()) {
            return -Errno.ESHUTDOWN.number();
        }
        for (int i = 0; i < changes.size(); i++) {
            change(changes.first(i), changes.second(i));
        }
        changes.clear();
        if (!known) {
            known = true;
            set.add(this);
        }
        armAll();
        boolean over = glance || woken || !told.isEmpty();
        glance = false;
        woken = false;
        sleeping = !over;
        return over ? told.size() : Backend.PENDING;
    }

    private void change(int number, int events) {
        Entry entry = entries.get(number);
        if (entry != null && entry.armed) {
            set.end(entry);
            entry.armed = false;
            unarmed.add(entry);
        }
        if (events == 0) {
            forget(entry);
            return;
        }
        if (entry == null) {
            entry = new Entry(number);
            entries.put(number, entry);
            unarmed.add(entry);
            set.keep(number);
        }
        entry.events = events;
    }

    private void forget(@Nullable Entry entry) {
        if (entry != null) {
            entries.remove(entry.number);
            unarmed.remove(entry);
            set.letGo(entry.number);
        }
    }

    /**
     * Those that have something to tell at once stay unarmed. One that is armed still can end
     * meanwhile, and comes to the end of the list.
     */
    private void armAll() {
        int kept = 0;
        for (int i = 0; i < unarmed.size(); i++) {
            Entry entry = unarmed.get(i);
            entry.armed = true;
            long result = set.submit(entry);
            if (result != Backend.PENDING) {
                entry.armed = false;
                told.add(entry.number, (int) result);
                unarmed.set(kept++, entry);
            }
        }
        unarmed.subList(kept, unarmed.size()).clear();
    }

    /** Ends this sleep, or else the next one as soon as it begins. */
    public void wake() {
        if (sleeping) {
            end(told.size());
        } else {
            woken = true;
        }
    }

    void loopEnds() {
        if (sleeping) {
            end(-Errno.ESHUTDOWN.number());
        }
    }

    @Override
    public void cancelIn(Backend backend) {
        if (sleeping) {
            end(-Errno.ECANCELED.number());
        }
    }

    private void end(long result) {
        sleeping = false;
        complete(result);
    }

    /** Waits for nothing any more; the fiber does not sleep again. */
    public void forgetAll() {
        set.remove(this);
        for (Entry entry : List.copyOf(entries.values())) {
            set.end(entry);
            forget(entry);
        }
    }

    @Override
    public String call() {
        return "poll";
    }

    @Override
    public long attempt(MemorySegment errno) {
        throw new AssertionError("foreign descriptors are waited for in their set");
    }

    @Override
    public String toString() {
        return sleeper;
    }
}
