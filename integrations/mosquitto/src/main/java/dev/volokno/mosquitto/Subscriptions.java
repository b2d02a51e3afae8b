package dev.volokno.mosquitto;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.volokno.foreign.Answer;
import dev.volokno.foreign.CString;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is subscribed to, and where the messages that come go. */
final class Subscriptions {
    private static final int REFUSED = 0x80;
    private static final int MOST_UNCLAIMED = 10_000;

    /** {@code struct mosquitto_message}. */
    private static final long TOPIC = 8;

    private static final long PAYLOAD = 16;
    private static final long LENGTH = 24;
    private static final long QOS = 28;
    private static final long RETAINED = 32;
    private static final long SIZE = 40;

    private final MemorySegment handle;
    private final MemorySegment idOut;
    private final boolean keepsUnclaimed;
    private final Duplicates duplicates;
    private final List<Entry> entries = new ArrayList<>();

    /** What a kept session brought before anybody has subscribed. */
    private final ArrayDeque<Message> unclaimed = new ArrayDeque<>();

    /** Filters that the broker is to forget, and has not been told. */
    private final List<String> unwanted = new ArrayList<>();

    /** Those that the broker was asked for, by the numbers of the questions. */
    private final Map<Integer, Entry> asked = new HashMap<>();

    private byte[] lastTopic = new byte[0];
    private String lastTopicText = "";

    private static final class Entry {
        final Subscription subscription;
        final Answer<Integer> granted = new Answer<>("a subscription");

        Entry(Subscription subscription) {
            this.subscription = subscription;
        }
    }

    Subscriptions(MemorySegment handle, Arena arena, MosquittoOptions options) {
        this.handle = handle;
        keepsUnclaimed = !options.session().isZero();
        duplicates = new Duplicates(options.clientId().orElse(""));
        idOut = arena.allocate(JAVA_INT);
    }

    Answer<Integer> add(Subscription subscription, boolean connected) {
        var entry = new Entry(subscription);
        entries.add(entry);
        unclaimed.removeIf(message -> deliver(message, subscription));
        if (connected) {
            ask(entry);
        }
        return entry.granted;
    }

    private void ask(Entry entry) {
        try (var arena = Arena.ofConfined()) {
            var filter = CString.of(arena, entry.subscription.filter());
            int qos = entry.subscription.qos().number();
            int result = Libmosquitto.subscribe(handle, idOut, filter, qos);
            if (result == 0) {
                asked.put(idOut.get(JAVA_INT, 0), entry);
            } else if (result != Libmosquitto.MOSQ_ERR_NO_CONN
                    && result != Libmosquitto.MOSQ_ERR_CONN_LOST
                    && result != Libmosquitto.MOSQ_ERR_ERRNO) {
                entries.remove(entry);
                entry.granted.fail(
                        MqttException.failed(
                                "subscribe to " + entry.subscription.filter(), result));
            }
        }
    }

    void remove(Subscription subscription, boolean connected) {
        boolean known = entries.removeIf(entry -> entry.subscription == subscription);
        boolean others =
                entries.stream()
                        .anyMatch(
                                entry -> entry.subscription.filter().equals(subscription.filter()));
        if (known && !others && !(connected && unsubscribe(subscription.filter()))) {
            unwanted.add(subscription.filter());
        }
    }

    /** Also a sign of life: the broker answers whatever the filter. */
    boolean unsubscribe(String filter) {
        try (var arena = Arena.ofConfined()) {
            return Libmosquitto.unsubscribe(handle, idOut, CString.of(arena, filter)) == 0;
        }
    }

    /**
     * There is a connection.
     *
     * @param known whether the broker knows of what was granted over connections before
     */
    void connected(boolean known) {
        asked.clear();
        unwanted.removeIf(this::unsubscribe);
        for (Entry entry : List.copyOf(entries)) {
            if (!known || !entry.granted.isThere()) {
                ask(entry);
            }
        }
    }

    /** The broker has answered; the library passes on what it granted, or why it refused. */
    void answered(int id, int code) {
        Entry entry = asked.remove(id);
        if (entry == null) {
            return;
        }
        if (code < REFUSED) {
            entry.granted.give(code);
            return;
        }
        entries.remove(entry);
        MqttException refused =
                MqttException.refused("subscribing to " + entry.subscription.filter(), code);
        if (!entry.granted.fail(refused)) {
            // It was granted once, over an earlier connection.
            entry.subscription.end();
        }
    }

    // ---- messages

    void came(MemorySegment pointer, MemorySegment properties) {
        MemorySegment struct = CString.reach(pointer, SIZE);
        Message message = read(struct, properties);
        boolean once = message.qos() == Qos.EXACTLY_ONCE;
        if (once && !duplicates.isNew(struct.get(JAVA_INT, 0), message)) {
            return;
        }
        boolean claimed = false;
        for (int i = 0; i < entries.size(); i++) {
            claimed |= deliver(message, entries.get(i).subscription);
        }
        if (!claimed && keepsUnclaimed && unclaimed.size() < MOST_UNCLAIMED) {
            unclaimed.add(message);
        }
    }

    Duplicates duplicates() {
        return duplicates;
    }

    private static boolean deliver(Message message, Subscription subscription) {
        boolean matches = subscription.matches(message.topic());
        if (matches) {
            subscription.came(message);
        }
        return matches;
    }

    private Message read(MemorySegment message, MemorySegment properties) {
        byte[] payload =
                CString.bytes(message.get(ADDRESS, PAYLOAD), message.get(JAVA_INT, LENGTH));
        return new Message(
                topic(message.get(ADDRESS, TOPIC)),
                payload,
                Qos.of(message.get(JAVA_INT, QOS)),
                message.get(JAVA_BOOLEAN, RETAINED),
                properties.address() == 0 ? MessageProperties.NONE : Properties5.read(properties));
    }

    /** Mostly the same one as before. */
    private String topic(MemorySegment pointer) {
        MemorySegment text = CString.reach(pointer, lastTopic.length + 1L);
        if (lastTopic.length == 0 || !isLast(text)) {
            lastTopicText = CString.at(pointer, "");
            lastTopic = lastTopicText.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        }
        return lastTopicText;
    }

    private boolean isLast(MemorySegment text) {
        for (int i = 0; i < lastTopic.length; i++) {
            // Never beyond the end: it differs there.
            if (text.get(java.lang.foreign.ValueLayout.JAVA_BYTE, i) != lastTopic[i]) {
                return false;
            }
        }
        return text.get(java.lang.foreign.ValueLayout.JAVA_BYTE, lastTopic.length) == 0;
    }

    /** Whether one is so full that nothing is to be read. */
    boolean areFull() {
        boolean full = false;
        for (int i = 0; i < entries.size(); i++) {
            full |= entries.get(i).subscription.isFull();
        }
        return full;
    }

    void end(IOException why) {
        for (Entry entry : entries) {
            entry.granted.fail(why);
            entry.subscription.end();
        }
        entries.clear();
    }
}
