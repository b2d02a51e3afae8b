package dev.volokno.loop;

/** What {@link Loop#watch} calls. */
@FunctionalInterface
public interface WatchCallback {
    /**
     * Deals with a descriptor that is ready. Must not wait.
     *
     * @param ready which conditions hold
     * @return what to watch for from now on; {@link Conditions#NONE} ends the watch
     */
    Conditions ready(Conditions ready) throws Exception;
}
