package dev.volokno.mosquitto;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Messages of QoS 2 that come twice. A broker repeats one over the next connection that it was not
 * told to have arrived; the library keeps that copy beside the one it has, and delivers one copy
 * for each time that the broker says "release", the older first. And mosquitto as a broker repeats
 * one that had arrived, if it loses two connections in a row.
 *
 * <p>Nothing is called back when a copy comes; the library's log tells of it, and so this needs it.
 * Only for sessions that are kept: else the broker repeats nothing.
 */
final class Duplicates {
    /** Far more than are under way at once. */
    private static final int REMEMBERED = 4096;

    private static final String LEVEL_2 = "q2";

    /** How a line of the log about a message begins. */
    private final String prefix;

    /** The copies by number, in the order they came: whether the broker said that it repeats. */
    private final Map<Integer, ArrayDeque<Boolean>> copies = new HashMap<>();

    /** What was passed on of the numbers of which copies are left over. */
    private final Map<Integer, Content> leftOver = new HashMap<>();

    /** What was passed on lately, by number. */
    private final Map<Integer, Content> passedOn =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Integer, Content> eldest) {
                    return size() > REMEMBERED;
                }
            };

    private boolean stuck;

    private record Content(String topic, int length, int hash) {
        static Content of(Message message) {
            byte[] payload = message.payload();
            return new Content(message.topic(), payload.length, Arrays.hashCode(payload));
        }
    }

    Duplicates(String clientId) {
        prefix = "Client " + clientId + " received PUBLISH (d";
    }

    /** A line like {@code Client ID received PUBLISH (d0, q2, r0, m17, 'topic', ... (5 bytes))}. */
    void logged(String line) {
        if (!line.startsWith(prefix)) {
            return;
        }
        String[] parts = line.substring(prefix.length()).split(", ", 5);
        if (parts.length == 5 && parts[1].equals(LEVEL_2)) {
            int number = Integer.parseInt(parts[3].substring(1));
            copies.computeIfAbsent(number, _ -> new ArrayDeque<>()).add(parts[0].equals("1"));
        }
    }

    /** The library delivers its oldest copy with this number: whether that is to be passed on. */
    boolean isNew(int number, Message message) {
        ArrayDeque<Boolean> known = copies.get(number);
        if (known == null) {
            return true;
        }
        var content = Content.of(message);
        Content before = leftOver.getOrDefault(number, passedOn.get(number));
        boolean repeated = known.remove() && content.equals(before);
        // Behind it may be more repetitions; what is none has to come out.
        stuck |= repeated && known.contains(false);
        if (known.isEmpty()) {
            copies.remove(number);
            leftOver.remove(number);
        } else {
            leftOver.put(number, content);
        }
        passedOn.remove(number);
        passedOn.put(number, content);
        return !repeated;
    }

    /**
     * Whether a message stays behind a copy that was delivered in its place. The broker has to
     * release it once more, which it does over the next connection if it does not learn that it was
     * heard.
     */
    boolean takeStuck() {
        boolean taken = stuck;
        stuck = false;
        return taken;
    }
}
