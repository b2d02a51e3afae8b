package dev.volokno.engine;

import java.util.ArrayList;
import java.util.List;

/** All that a loop calls in every turn. Loop thread only. */
public final class Hooks {
    private final List<Hook> hooks = new ArrayList<>();

    /** Those that came since the last wait was prepared. */
    private final List<Hook> added = new ArrayList<>();

    public void add(Hook hook) {
        hooks.add(hook);
        added.add(hook);
    }

    public void remove(Hook hook) {
        hooks.remove(hook);
    }

    /** How long the backend may wait as far as they are concerned; negative: for ever. */
    long prepare() {
        added.clear();
        long limit = Hook.NO_LIMIT;
        for (Hook hook : hooks.isEmpty() ? hooks : List.copyOf(hooks)) {
            limit = LoopTime.sooner(limit, hook.beforeWait());
        }
        // One of them may have brought others, which the wait is to consider too.
        for (int i = 0; i < added.size(); i++) {
            limit = LoopTime.sooner(limit, added.get(i).beforeWait());
        }
        return limit;
    }

    /** The backend has waited. */
    void check() {
        for (Hook hook : hooks.isEmpty() ? hooks : List.copyOf(hooks)) {
            hook.afterWait();
        }
    }
}
