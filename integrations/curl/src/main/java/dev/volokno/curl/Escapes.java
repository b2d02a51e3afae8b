package dev.volokno.curl;

import java.util.regex.Pattern;

/** What a URL's characters are written as where a URI has no such characters. */
final class Escapes {
    /** Those that a path has not, and a percent sign that begins no escape. */
    private static final Pattern ILLEGAL =
            Pattern.compile("[\\x00-\\x20\\x7f\"<>\\\\^`{|}]|%(?![0-9A-Fa-f]{2})");

    private Escapes() {}

    /** {@code url} as a URI. */
    static String added(String url) {
        return ILLEGAL.matcher(url)
                .replaceAll(found -> String.format("%%%02X", (int) found.group().charAt(0)));
    }
}
