package dev.volokno.backend;

/** A wait for one descriptor in a {@link ForeignSet}. Loop thread only. */
interface ForeignWait {
    int foreignNumber();

    /** The poll(2) events one of which ends it. */
    int readiness();

    /** It has ended: by these events, or by a negated errno. */
    void found(long result);
}
