package dev.volokno.mosquitto;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.regex.Pattern;

/**
 * Which topics a subscription is for: levels between slashes, {@code +} for any, {@code #} for all.
 */
final class TopicFilter {
    private static final String SHARED = "$share/";
    private static final int LONGEST = 65_535;

    /** A wildcard that shares its level, or a {@code #} that is not the last. */
    private static final Pattern MISPLACED = Pattern.compile("[^/][+#]|[+#][^/]|#.");

    private final String[] levels;
    private final boolean everything;

    /** Refuses what no broker would take, as nobody says so while there is no connection. */
    static String checked(String filter) {
        if (filter.isEmpty() || MISPLACED.matcher(filter).find()) {
            throw new IllegalArgumentException(
                    "no filter of topics: \"" + filter + "\": + is a level, # the last one");
        }
        if (filter.indexOf('\0') >= 0
                || !UTF_8.newEncoder().canEncode(filter)
                || filter.getBytes(UTF_8).length > LONGEST) {
            throw new IllegalArgumentException("no text of MQTT, a filter of topics: " + filter);
        }
        return filter;
    }

    TopicFilter(String filter) {
        levels = withoutGroup(filter).split("/", -1);
        everything = levels.length == 1 && levels[0].equals("#");
    }

    /** {@code $share/GROUP/FILTER} is a filter that a group of clients shares. */
    private static String withoutGroup(String filter) {
        if (!filter.startsWith(SHARED)) {
            return filter;
        }
        return filter.substring(filter.indexOf('/', SHARED.length()) + 1);
    }

    boolean matches(String topic) {
        boolean wild = levels[0].equals("#") || levels[0].equals("+");
        if (wild && topic.startsWith("$")) {
            return false;
        }
        return everything || matchesLevels(topic);
    }

    private boolean matchesLevels(String topic) {
        int from = 0;
        for (int i = 0; i < levels.length; i++) {
            if (levels[i].equals("#")) {
                return true;
            }
            if (from > topic.length()) {
                return false;
            }
            int slash = topic.indexOf('/', from);
            int end = slash < 0 ? topic.length() : slash;
            boolean same = levels[i].length() == end - from && topic.startsWith(levels[i], from);
            if (!same && !levels[i].equals("+")) {
                return false;
            }
            from = end + 1;
        }
        return from > topic.length();
    }
}
