package dev.volokno.mosquitto;

/** What happens when messages come faster than they are received, once a subscription is full. */
public enum SlowReader {
    /**
     * The client stops reading, so that the broker holds messages back, by its own limits; no
     * message is lost here. The connection is kept alive. This holds up all subscriptions of the
     * client, and the acknowledgements of what it publishes.
     */
    HOLD_BACK,
    /** The message that has waited longest is dropped, and counted. */
    DROP_OLDEST,
    /** The message that came is dropped, and counted. */
    DROP_NEWEST
}
