package dev.volokno.mosquitto;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.volokno.foreign.CString;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.time.Duration;
import java.util.Map;

/** {@code <mosquitto.h>}: lists of the properties of MQTT 5, made and read. */
final class Properties5 implements AutoCloseable {
    private static final int TEXT = 1;
    private static final int EXPIRY = 2;
    private static final int CONTENT_TYPE = 3;
    private static final int RESPONSE_TOPIC = 8;
    private static final int CORRELATION = 9;
    private static final int SESSION_EXPIRY = 17;
    private static final int USER = 38;

    private static final MethodHandle ADD_BYTE =
            Libmosquitto.ofInt("mosquitto_property_add_byte", ADDRESS, JAVA_INT, JAVA_BYTE);
    private static final MethodHandle ADD_INT =
            Libmosquitto.ofInt("mosquitto_property_add_int32", ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle ADD_TEXT =
            Libmosquitto.ofInt("mosquitto_property_add_string", ADDRESS, JAVA_INT, ADDRESS);
    private static final MethodHandle ADD_PAIR =
            Libmosquitto.ofInt(
                    "mosquitto_property_add_string_pair", ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle ADD_BYTES =
            Libmosquitto.ofInt(
                    "mosquitto_property_add_binary", ADDRESS, JAVA_INT, ADDRESS, JAVA_SHORT);
    private static final MethodHandle FREE =
            Libmosquitto.ofNothing("mosquitto_property_free_all", ADDRESS);
    private static final MethodHandle IDENTIFIER =
            Libmosquitto.ofInt("mosquitto_property_identifier", ADDRESS);
    private static final MethodHandle NEXT =
            Libmosquitto.function(
                    "mosquitto_property_next", FunctionDescriptor.of(ADDRESS, ADDRESS));
    private static final MethodHandle READ_BYTE = reader("mosquitto_property_read_byte");
    private static final MethodHandle READ_INT = reader("mosquitto_property_read_int32");
    private static final MethodHandle READ_TEXT = reader("mosquitto_property_read_string");
    private static final MethodHandle READ_PAIR =
            Libmosquitto.function(
                    "mosquitto_property_read_string_pair",
                    FunctionDescriptor.of(
                            ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, JAVA_BOOLEAN));
    private static final MethodHandle READ_BYTES =
            Libmosquitto.function(
                    "mosquitto_property_read_binary",
                    FunctionDescriptor.of(
                            ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, JAVA_BOOLEAN));

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment list = arena.allocate(ADDRESS);

    private static MethodHandle reader(String name) {
        return Libmosquitto.function(
                name, FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT, ADDRESS, JAVA_BOOLEAN));
    }

    // ---- making

    /** Those of a message. */
    static Properties5 of(MessageProperties properties) {
        var made = new Properties5();
        properties.expiry().ifPresent(after -> made.add(EXPIRY, seconds(after)));
        properties.contentType().ifPresent(type -> made.add(CONTENT_TYPE, type));
        properties.responseTopic().ifPresent(topic -> made.add(RESPONSE_TOPIC, topic));
        properties.correlation().ifPresent(mark -> made.add(CORRELATION, mark));
        if (properties.text()) {
            made.addText();
        }
        properties.user().forEach(entry -> made.add(entry.getKey(), entry.getValue()));
        return made;
    }

    /** Those of a connection whose session the broker keeps for that long. */
    static Properties5 ofSession(Duration kept) {
        var made = new Properties5();
        made.add(SESSION_EXPIRY, seconds(kept));
        return made;
    }

    /** As MQTT counts them; as many as there can be mean for ever. */
    private static int seconds(Duration time) {
        return (int) Math.clamp(time.toSeconds(), 0, 0xffff_ffffL);
    }

    private void add(int property, int value) {
        try {
            check((int) ADD_INT.invokeExact(list, property, value), property);
        } catch (Throwable t) {
            throw Libmosquitto.unexpected(t);
        }
    }

    private void add(int property, String value) {
        try {
            check((int) ADD_TEXT.invokeExact(list, property, CString.of(arena, value)), property);
        } catch (Throwable t) {
            throw Libmosquitto.unexpected(t);
        }
    }

    private void add(int property, byte[] value) {
        if (value.length > 0xffff) {
            throw new IllegalArgumentException("a correlation of " + value.length + " bytes");
        }
        try {
            MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, value);
            short length = (short) value.length;
            check((int) ADD_BYTES.invokeExact(list, property, bytes, length), property);
        } catch (Throwable t) {
            throw Libmosquitto.unexpected(t);
        }
    }

    private void add(String name, String value) {
        try {
            MemorySegment first = CString.of(arena, name);
            MemorySegment second = CString.of(arena, value);
            check((int) ADD_PAIR.invokeExact(list, USER, first, second), USER);
        } catch (Throwable t) {
            throw Libmosquitto.unexpected(t);
        }
    }

    private void addText() {
        try {
            check((int) ADD_BYTE.invokeExact(list, TEXT, (byte) 1), TEXT);
        } catch (Throwable t) {
            throw Libmosquitto.unexpected(t);
        }
    }

    private static void check(int result, int property) {
        if (result != 0) {
            throw new IllegalArgumentException(
                    "property " + property + ": " + Libmosquitto.errorText(result));
        }
    }

    /** The first one, for calls that copy them. */
    MemorySegment first() {
        return list.get(ADDRESS, 0);
    }

    /** The first one, which belongs to C from now on. */
    MemorySegment handOver() {
        MemorySegment first = first();
        list.set(ADDRESS, 0, MemorySegment.NULL);
        return first;
    }

    @Override
    public void close() {
        try {
            FREE.invokeExact(list);
        } catch (Throwable t) {
            throw Libmosquitto.unexpected(t);
        }
        arena.close();
    }

    // ---- reading

    /** Those of a message that came: all from {@code first} on. */
    static MessageProperties read(MemorySegment first) {
        MessageProperties read = MessageProperties.NONE;
        try (var arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ADDRESS, 2);
            MemorySegment property = first;
            while (property.address() != 0) {
                read = with(read, property, out);
                property = (MemorySegment) NEXT.invokeExact(property);
            }
        } catch (Throwable t) {
            throw Libmosquitto.unexpected(t);
        }
        return read;
    }

    private static MessageProperties with(
            MessageProperties read, MemorySegment property, MemorySegment out) throws Throwable {
        int which = (int) IDENTIFIER.invokeExact(property);
        return switch (which) {
            case EXPIRY -> read.withExpiry(Duration.ofSeconds(readInt(property, which, out)));
            case CONTENT_TYPE -> read.withContentType(readText(property, which, out));
            case RESPONSE_TOPIC -> read.withResponseTopic(readText(property, which, out));
            case CORRELATION -> read.withCorrelation(readBytes(property, which, out));
            case TEXT -> readByte(property, which, out) == 1 ? read.asText() : read;
            case USER -> {
                Map.Entry<String, String> pair = readPair(property, out);
                yield read.with(pair.getKey(), pair.getValue());
            }
            default -> read;
        };
    }

    private static long readInt(MemorySegment property, int which, MemorySegment out)
            throws Throwable {
        MemorySegment _ = (MemorySegment) READ_INT.invokeExact(property, which, out, false);
        return Integer.toUnsignedLong(out.get(JAVA_INT, 0));
    }

    private static int readByte(MemorySegment property, int which, MemorySegment out)
            throws Throwable {
        MemorySegment _ = (MemorySegment) READ_BYTE.invokeExact(property, which, out, false);
        return out.get(JAVA_BYTE, 0);
    }

    private static String readText(MemorySegment property, int which, MemorySegment out)
            throws Throwable {
        MemorySegment _ = (MemorySegment) READ_TEXT.invokeExact(property, which, out, false);
        return taken(out.get(ADDRESS, 0));
    }

    private static Map.Entry<String, String> readPair(MemorySegment property, MemorySegment out)
            throws Throwable {
        MemorySegment second = out.asSlice(ADDRESS.byteSize());
        MemorySegment _ = (MemorySegment) READ_PAIR.invokeExact(property, USER, out, second, false);
        return Map.entry(taken(out.get(ADDRESS, 0)), taken(second.get(ADDRESS, 0)));
    }

    private static byte[] readBytes(MemorySegment property, int which, MemorySegment out)
            throws Throwable {
        MemorySegment length = out.asSlice(ADDRESS.byteSize());
        MemorySegment _ =
                (MemorySegment) READ_BYTES.invokeExact(property, which, out, length, false);
        MemorySegment bytes = out.get(ADDRESS, 0);
        byte[] copy = CString.bytes(bytes, Short.toUnsignedInt(length.get(JAVA_SHORT, 0)));
        Memory.free(bytes);
        return copy;
    }

    /** A text that C has copied for us. */
    private static String taken(MemorySegment text) {
        String copy = CString.at(text, "");
        Memory.free(text);
        return copy;
    }
}
