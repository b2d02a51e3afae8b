package dev.volokno.mosquitto;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * What is published, and by whom. A message is with the library from when there is a connection
 * until it is delivered; the library sends those of QoS 1 and 2 again over the next connection.
 */
final class Outbox {
    private static final int NONE = -1;
    private static final int REFUSED = 0x80;

    private final MemorySegment handle;
    private final boolean version5;
    private final Outgoing outgoing;
    private final MemorySegment idOut;

    /** Those that the library does not have, because there is no connection. */
    private final ArrayDeque<Publication> waiting = new ArrayDeque<>();

    /** Those that the library has, by the numbers that it gave them. */
    private final Map<Integer, Publication> sent = new HashMap<>();

    /** One that was delivered before the library said its number. */
    private int early = NONE;

    private int earlyReason;

    Outbox(MemorySegment handle, boolean version5) {
        this.handle = handle;
        this.version5 = version5;
        // Not the driver's own: whoever publishes may do so in its place.
        Arena arena = Arena.ofAuto();
        outgoing = new Outgoing(arena);
        idOut = arena.allocate(JAVA_INT);
    }

    /** Publishes, now or when there is a connection. */
    void publish(Publication publication, boolean connected) {
        if (connected && waiting.isEmpty()) {
            give(publication);
        } else {
            waiting.add(publication);
        }
    }

    /** There is a connection: what has waited for one is published. */
    void publishWaiting() {
        Publication next = waiting.poll();
        while (next != null) {
            if (!next.withdrawn) {
                give(next);
            }
            next = waiting.poll();
        }
    }

    private void give(Publication publication) {
        early = NONE;
        int result;
        try {
            result = publish(publication.message);
        } catch (RuntimeException unfit) {
            publication.delivered.fail(unfit);
            return;
        }
        int id = idOut.get(JAVA_INT, 0);
        if (result != 0 && !isKept(publication.message, result)) {
            publication.delivered.fail(failure(publication.message, result));
        } else if (early == id) {
            end(publication, earlyReason);
        } else {
            sent.put(id, publication);
        }
    }

    private int publish(Message message) {
        idOut.set(JAVA_INT, 0, 0);
        outgoing.hold(message);
        if (message.properties().equals(MessageProperties.NONE)) {
            return Libmosquitto.publish(handle, idOut, outgoing, MemorySegment.NULL);
        }
        if (!version5) {
            throw new IllegalArgumentException("properties need MQTT 5: " + message);
        }
        try (var properties = Properties5.of(message.properties())) {
            return Libmosquitto.publish(handle, idOut, outgoing, properties.first());
        }
    }

    private static Exception failure(Message message, int result) {
        boolean unfit =
                result == Libmosquitto.MOSQ_ERR_INVAL
                        || result == Libmosquitto.MOSQ_ERR_MALFORMED_UTF8
                        || result == Libmosquitto.MOSQ_ERR_PAYLOAD_SIZE;
        return unfit
                ? new IllegalArgumentException("nothing that can be published: " + message)
                : MqttException.failed("publishing to " + message.topic(), result);
    }

    /**
     * Whether the library keeps a message although it has failed to send it: it does if the
     * connection is to blame, and somebody who published again would double it.
     */
    private static boolean isKept(Message message, int result) {
        return message.qos() != Qos.AT_MOST_ONCE
                && switch (result) {
                    case Libmosquitto.MOSQ_ERR_NO_CONN,
                            Libmosquitto.MOSQ_ERR_CONN_LOST,
                            Libmosquitto.MOSQ_ERR_TLS,
                            Libmosquitto.MOSQ_ERR_ERRNO ->
                            true;
                    default -> false;
                };
    }

    /** The library says that one is delivered, or was refused. */
    void delivered(int id, int reason) {
        Publication publication = sent.remove(id);
        if (publication == null) {
            early = id;
            earlyReason = reason;
        } else {
            end(publication, reason);
        }
    }

    private static void end(Publication publication, int reason) {
        if (reason < REFUSED) {
            publication.delivered.give(reason);
        } else {
            publication.delivered.fail(
                    MqttException.refused("publishing to " + publication.message.topic(), reason));
        }
    }

    /** The connection is lost, and with it what was to be sent once at most. */
    void connectionLost(IOException why) {
        Iterator<Publication> all = sent.values().iterator();
        while (all.hasNext()) {
            Publication publication = all.next();
            if (publication.message.qos() == Qos.AT_MOST_ONCE) {
                publication.delivered.fail(why);
                all.remove();
            }
        }
    }

    /** Nothing more is delivered. */
    void end(IOException why) {
        waiting.forEach(publication -> publication.delivered.fail(why));
        sent.values().forEach(publication -> publication.delivered.fail(why));
        waiting.clear();
        sent.clear();
    }
}
