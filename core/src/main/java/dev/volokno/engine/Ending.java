package dev.volokno.engine;

/**
 * Whether a strand is asked to end, and knows.
 *
 * <pre>
 *   NOT_ASKED --asked()--> UNTOLD   any thread
 *   UNTOLD --told()------> TOLD     its own: an exception has said so
 *   TOLD --untold()------> UNTOLD   its own: which went no further
 * </pre>
 */
enum Ending {
    NOT_ASKED,
    UNTOLD,
    TOLD;

    Ending asked() {
        return this == NOT_ASKED ? UNTOLD : this;
    }

    Ending told() {
        return this == UNTOLD ? TOLD : this;
    }

    Ending untold() {
        return this == TOLD ? UNTOLD : this;
    }
}
