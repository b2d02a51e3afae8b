package dev.volokno.curl;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The head of a response, as its lines come: of the last one, if there are several. */
final class Head {
    /** What comes after the status is for people, and may have a colon too. */
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/\\S+ +(\\d{3})( .*)?");

    private final boolean followsRedirects;
    private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private int status;
    private boolean isDone;

    Head(boolean followsRedirects) {
        this.followsRedirects = followsRedirects;
    }

    /** Takes a line; true if the head that counts has ended with it. */
    boolean take(String line) {
        String text = line.stripTrailing();
        if (isDone) {
            return false; // a trailer
        }
        Matcher statusLine = STATUS_LINE.matcher(text);
        if (statusLine.matches()) {
            headers.clear();
            status = Integer.parseInt(statusLine.group(1));
        } else if (!text.isEmpty()) {
            add(text);
        } else {
            isDone = !isFollowed();
        }
        return isDone;
    }

    private void add(String text) {
        int colon = text.indexOf(':');
        if (colon > 0) {
            headers.computeIfAbsent(text.substring(0, colon).strip(), _ -> new ArrayList<>())
                    .add(text.substring(colon + 1).strip());
        }
    }

    /** Whether another head comes after this one. */
    private boolean isFollowed() {
        boolean redirect = status >= 300 && status < 400 && hasLocation();
        return status < 200 || (redirect && followsRedirects);
    }

    /** An empty one leads nowhere, and the library does not follow it. */
    private boolean hasLocation() {
        return headers.getOrDefault("Location", List.of()).stream().anyMatch(to -> !to.isEmpty());
    }

    int status() {
        return status;
    }

    Map<String, List<String>> headers() {
        return Collections.unmodifiableMap(headers);
    }
}
