package dev.volokno.engine;

/** What a loop calls in every turn. Loop thread only. */
public interface Hook {
    /** The answer of one that does not mind. */
    long NO_LIMIT = -1;

    /**
     * The backend is about to wait: how many nanoseconds at most; negative: as long as it likes.
     */
    long beforeWait();

    /** The backend has waited. */
    void afterWait();
}
