package dev.volokno.fiber;

import dev.volokno.engine.Callback;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The callbacks that live in a scope beside its fibers, with or without keeping it. Any thread. */
final class Callbacks {
    private final Set<Callback> keeping = ConcurrentHashMap.newKeySet();
    private final Set<Callback> daemons = ConcurrentHashMap.newKeySet();

    void add(Callback callback) {
        keeping.add(callback);
    }

    /** It does not keep the scope any more; nothing happens if it has ended. */
    void makeDaemon(Callback callback) {
        if (keeping.contains(callback)) {
            daemons.add(callback);
            keeping.remove(callback);
            if (callback.isEnded()) {
                daemons.remove(callback);
            }
        }
    }

    void remove(Callback callback) {
        keeping.remove(callback);
        daemons.remove(callback);
    }

    /** Whether none keeps the scope. */
    boolean keepNothing() {
        return keeping.isEmpty();
    }

    /** Ends all of them. */
    void end() {
        keeping.forEach(Callback::end);
        daemons.forEach(Callback::end);
    }

    /** Lines about them, for people. */
    void dump(StringBuilder out, String indent) {
        keeping.forEach(one -> out.append(indent).append(one).append('\n'));
        daemons.forEach(one -> out.append(indent).append("(daemon) ").append(one).append('\n'));
    }
}
