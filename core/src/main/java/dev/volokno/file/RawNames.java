package dev.volokno.file;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Names as the kernel has them: any bytes but '/' and 0, held in strings of one character per byte.
 * A {@link Path} made from a string knows only the names that the process's locale can tell; made
 * from a URI it knows all.
 */
final class RawNames {
    private static final boolean UTF_8_PATHS =
            "UTF-8".equalsIgnoreCase(System.getProperty("sun.jnu.encoding"));

    private RawNames() {}

    /** The bytes of an absolute path. */
    static String of(Path absolute) {
        String text = absolute.toString();
        if (isAscii(text)) {
            return text;
        }
        if (UTF_8_PATHS && text.indexOf('\uFFFD') < 0) {
            return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        }
        return unescape(absolute.toUri().getRawPath());
    }

    /** The path of {@code raw}, which may be several names, in {@code directory}. */
    static Path resolve(Path directory, String raw) {
        if (isAscii(raw)) {
            return directory.resolve(raw);
        }
        String text = UTF_8_PATHS ? decode(raw) : "";
        if (!text.isEmpty()) {
            return directory.resolve(text);
        }
        Path name = Path.of("/").relativize(Path.of(URI.create("file:///" + escape(raw))));
        return directory.resolve(name);
    }

    /** As UTF-8; empty if it is none, and only its bytes can tell it. */
    private static String decode(String raw) {
        var bytes = ByteBuffer.wrap(raw.getBytes(StandardCharsets.ISO_8859_1));
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException notUtf8) {
            return "";
        }
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private static String escape(String raw) {
        var uri = new StringBuilder();
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || c == '/');
            uri.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "%%%02X", (int) c));
        }
        return uri.toString();
    }

    private static String unescape(String uri) {
        var raw = new StringBuilder();
        for (int i = 0; i < uri.length(); i++) {
            char c = uri.charAt(i);
            if (c == '%') {
                c = (char) Integer.parseInt(uri, i + 1, i + 3, 16);
                i += 2;
            }
            raw.append(c);
        }
        boolean marked = raw.length() > 1 && raw.charAt(raw.length() - 1) == '/';
        return marked ? raw.substring(0, raw.length() - 1) : raw.toString();
    }
}
