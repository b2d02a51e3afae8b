package dev.volokno.file;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.util.Arrays;

/**
 * A path as the kernel has it: bytes without a meaning. The JDK keeps them too, but tells them only
 * by way of a URI where they are no text in the locale's encoding.
 */
final class PathName {
    private static final Charset LOCALE =
            Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    private static final char REPLACEMENT = '\uFFFD';
    private static final String HEX = "0123456789ABCDEF";

    private PathName() {}

    /** The path as a C string that lives as long as somebody has it. */
    static MemorySegment of(Path path) {
        byte[] bytes = bytes(path);
        MemorySegment name = Arena.ofAuto().allocate(bytes.length + 1L);
        MemorySegment.copy(bytes, 0, name, JAVA_BYTE, 0, bytes.length);
        return name;
    }

    static byte[] bytes(Path path) {
        if (path.getFileSystem() != FileSystems.getDefault()) {
            throw new ProviderMismatchException(path + " is no path of this system");
        }
        String text = path.toString();
        if (text.isEmpty()) {
            return new byte[] {'.'};
        }
        if (text.indexOf(REPLACEMENT) < 0) {
            return text.getBytes(LOCALE);
        }
        byte[] absolute = decode(path.toUri().getRawPath());
        // The JDK appends a slash to what is a directory, and makes it absolute.
        int end = absolute.length - (absolute[absolute.length - 1] == '/' ? 1 : 0);
        int start = path.isAbsolute() ? 0 : decode(Path.of("").toUri().getRawPath()).length;
        return Arrays.copyOfRange(absolute, start, end);
    }

    private static byte[] decode(String escaped) {
        var bytes = new ByteArrayOutputStream();
        int i = 0;
        while (i < escaped.length()) {
            boolean hex = escaped.charAt(i) == '%';
            bytes.write(hex ? Integer.parseInt(escaped, i + 1, i + 3, 16) : escaped.charAt(i));
            i += hex ? 3 : 1;
        }
        return bytes.toByteArray();
    }

    /** The bytes of an absolute path, in a string of one character per byte. */
    static String raw(Path absolute) {
        return text(bytes(absolute));
    }

    /** The path of {@code raw}, which may be several names, in {@code directory}. */
    static Path resolve(Path directory, String raw) {
        return directory.resolve(path(raw.getBytes(ISO_8859_1)));
    }

    /** The path that the kernel calls so. */
    static Path path(byte[] bytes) {
        if (isAscii(bytes)) {
            return Path.of(text(bytes));
        }
        try {
            String text =
                    LOCALE.newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .onUnmappableCharacter(CodingErrorAction.REPORT)
                            .decode(ByteBuffer.wrap(bytes))
                            .toString();
            return Path.of(text);
        } catch (CharacterCodingException noText) {
            return escaped(bytes);
        }
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }

    private static Path escaped(byte[] bytes) {
        boolean absolute = bytes.length > 0 && bytes[0] == '/';
        var escaped = new StringBuilder(absolute ? "file://" : "file:///");
        for (byte b : bytes) {
            if (b == '/') {
                escaped.append('/');
            } else {
                escaped.append('%').append(HEX.charAt((b & 0xf0) >> 4)).append(HEX.charAt(b & 0xf));
            }
        }
        Path path = Path.of(URI.create(escaped.toString()));
        return absolute ? path : Path.of("/").relativize(path);
    }

    /** One character per byte. */
    static String text(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }
}
