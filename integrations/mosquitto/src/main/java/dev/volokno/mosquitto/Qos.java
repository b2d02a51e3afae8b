package dev.volokno.mosquitto;

/** How surely a message arrives, the numbers 0 to 2 of MQTT. */
public enum Qos {
    /** Perhaps: lost with the connection that it is on its way in. */
    AT_MOST_ONCE(0),
    /** Surely, and again if the connection is lost before the acknowledgement. */
    AT_LEAST_ONCE(1),
    /** Surely, and once. */
    EXACTLY_ONCE(2);

    private static final Qos[] ALL = values();

    private final int number;

    Qos(int number) {
        this.number = number;
    }

    static Qos of(int number) {
        return ALL[number];
    }

    int number() {
        return number;
    }
}
