package dev.volokno.mosquitto;

/** How surely a message arrives, the numbers 0 to 2 of MQTT. */
public enum Qos {
    /** Perhaps: lost with the connection that it is on its way in. */
    AT_MOST_ONCE,
    /** Surely, and again if the connection is lost before the acknowledgement. */
    AT_LEAST_ONCE,
    /** Surely, and once. */
    EXACTLY_ONCE;

    private static final Qos[] ALL = values();

    static Qos of(int number) {
        return ALL[number];
    }
}
