package dev.volokno.curl;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The head of a response, as its lines come: of the last one, if there are several. */
final class Head {
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
        if (text.startsWith("HTTP/") && text.indexOf(':') < 0) {
            begin(text);
        } else if (!text.isEmpty()) {
            add(text);
        } else {
            isDone = !isFollowed();
        }
        return isDone;
    }

    private void begin(String statusLine) {
        headers.clear();
        String[] words = statusLine.split(" +", 3);
        status = words.length > 1 && words[1].matches("\\d{3}") ? Integer.parseInt(words[1]) : 0;
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
        boolean redirect = status >= 300 && status < 400 && headers.containsKey("Location");
        return status < 200 || redirect && followsRedirects;
    }

    int status() {
        return status;
    }

    Map<String, List<String>> headers() {
        return Collections.unmodifiableMap(headers);
    }
}
