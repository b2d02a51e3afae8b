package dev.volokno.orders;

/** What may end a call on a stream. */
enum Happening {
    /** Bytes come to a reader; room comes to a writer. */
    ARRIVAL,
    CANCEL,
    CLOSE,
    TIMEOUT,
    HANG_UP
}
