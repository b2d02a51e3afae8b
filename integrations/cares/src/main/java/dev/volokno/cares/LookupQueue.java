package dev.volokno.cares;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;

/**
 * Who waits for his turn, and who has been asked for: at most so many at once that the server's
 * socket has room for their questions.
 *
 * <p>The library cannot take back one question. One that nobody waits for any more gives up its
 * place after a while without an answer, not at once: if a thousand leave, those behind them may be
 * about to.
 */
final class LookupQueue {
    private static final long GRACE_NANOS = Duration.ofMillis(500).toNanos();

    /** So many may be with the library, those that have given up their places included. */
    private static final int ASKED_MAX = 4096;

    private final int places;
    private final Set<Lookup<?>> waiting = new LinkedHashSet<>();
    private final Map<Long, Lookup<?>> asked = new HashMap<>();

    /** Those that were left, but for those that have given up their places since. */
    private final Queue<Lookup<?>> leaving = new ArrayDeque<>();

    private int withoutPlace;
    private long lastId;

    LookupQueue(int places) {
        this.places = places;
    }

    void add(Lookup<?> lookup) {
        waiting.add(lookup);
    }

    /** Nobody waits for it any more. */
    void leave(Lookup<?> lookup, long now) {
        if (!waiting.remove(lookup) && asked.containsKey(lookup.id())) {
            lookup.leave(now);
            leaving.add(lookup);
        }
    }

    /** Takes places from those that were left long ago. */
    void passTime(long now) {
        Lookup<?> first = leaving.peek();
        while (first != null && (isAnswered(first) || now - first.leftAt() >= GRACE_NANOS)) {
            leaving.remove();
            if (!isAnswered(first)) {
                first.giveUpPlace();
                withoutPlace++;
            }
            first = leaving.peek();
        }
    }

    private boolean isAnswered(Lookup<?> lookup) {
        return !asked.containsKey(lookup.id());
    }

    /** How long until a place is given up that somebody waits for. */
    long nanosLeft(long now) {
        Lookup<?> first = leaving.peek();
        return waiting.isEmpty() || first == null
                ? Long.MAX_VALUE
                : Math.max(0, first.leftAt() + GRACE_NANOS - now);
    }

    /** Whether something is with the library, and all of it for nobody. */
    boolean isAbandoned() {
        return withoutPlace > 0 && withoutPlace == asked.size();
    }

    /** The next to be asked, which has its number then; none if all places are taken. */
    Optional<Lookup<?>> next() {
        if (waiting.isEmpty()
                || asked.size() - withoutPlace >= places
                || asked.size() >= ASKED_MAX) {
            return Optional.empty();
        }
        Lookup<?> next = waiting.iterator().next();
        waiting.remove(next);
        lastId++;
        next.number(next.id() == 0 ? lastId : -lastId);
        asked.put(next.id(), next);
        return Optional.of(next);
    }

    /** Takes out the one of this number; none if nobody waits for it any more. */
    Optional<Lookup<?>> take(long id) {
        Lookup<?> lookup = asked.remove(id);
        if (lookup == null || !lookup.isLeft()) {
            return Optional.ofNullable(lookup);
        }
        withoutPlace -= lookup.hasPlace() ? 0 : 1;
        return Optional.empty();
    }

    void abandonAll(Optional<Throwable> failure) {
        for (var lookups : List.of(waiting, asked.values())) {
            lookups.forEach(lookup -> lookup.abandon(failure));
        }
        waiting.clear();
        asked.clear();
    }
}
