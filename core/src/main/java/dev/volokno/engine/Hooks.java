package dev.volokno.engine;

import java.util.ArrayList;
import java.util.List;

/** All that a loop calls in every turn. Loop thread only. */
public final class Hooks {
    private final List<Hook> hooks = new ArrayList<>();

    public void add(Hook hook) {
        hooks.add(hook);
    }

    public void remove(Hook hook) {
        hooks.remove(hook);
    }

    /** How long the backend may wait as far as they are concerned; negative: for ever. */
    long prepare() {
        long limit = Hook.NO_LIMIT;
        for (Hook hook : hooks.isEmpty() ? hooks : List.copyOf(hooks)) {
            limit = LoopTime.sooner(limit, hook.beforeWait());
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
