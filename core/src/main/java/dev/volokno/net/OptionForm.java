package dev.volokno.net;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** How the kernel wants an option's value. */
interface OptionForm<T> {
    /** More than any value has. */
    int CAPACITY = 256;

    /** Writes {@code value}: how many bytes it has. */
    int write(T value, MemorySegment at);

    /** Reads a value of {@code length} bytes. */
    T read(MemorySegment at, int length);

    static OptionForm<Boolean> bool() {
        return integers(value -> value ? 1 : 0, number -> number != 0);
    }

    static OptionForm<Integer> integer() {
        return integers(value -> value, number -> number);
    }

    static OptionForm<Duration> seconds() {
        return integers(
                value -> Math.toIntExact(roundedUp(value).toSeconds()), Duration::ofSeconds);
    }

    static OptionForm<Duration> millis() {
        return integers(value -> Math.toIntExact(value.toMillis()), Duration::ofMillis);
    }

    private static Duration roundedUp(Duration value) {
        return value.plusSeconds(1).minusNanos(1);
    }

    private static <T> OptionForm<T> integers(
            ToIntFunction<T> encode, Function<Integer, T> decode) {
        return new OptionForm<>() {
            @Override
            public int write(T value, MemorySegment at) {
                at.set(JAVA_INT, 0, encode.applyAsInt(value));
                return Integer.BYTES;
            }

            @Override
            public T read(MemorySegment at, int length) {
                return decode.apply(length == 1 ? at.get(JAVA_BYTE, 0) : at.get(JAVA_INT, 0));
            }
        };
    }

    /** A name; the kernel may end it with a zero byte. */
    static OptionForm<String> text() {
        return new OptionForm<>() {
            @Override
            public int write(String value, MemorySegment at) {
                byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
                if (bytes.length >= CAPACITY) {
                    throw new IllegalArgumentException("too long: " + value);
                }
                MemorySegment.copy(bytes, 0, at, JAVA_BYTE, 0, bytes.length);
                return bytes.length;
            }

            @Override
            public String read(MemorySegment at, int length) {
                byte[] bytes = at.asSlice(0, length).toArray(JAVA_BYTE);
                String text = new String(bytes, StandardCharsets.UTF_8);
                int end = text.indexOf(0);
                return end < 0 ? text : text.substring(0, end);
            }
        };
    }

    /** {@code struct linger}; a negative duration is none. */
    static OptionForm<Duration> linger() {
        return new OptionForm<>() {
            @Override
            public int write(Duration value, MemorySegment at) {
                at.set(JAVA_INT, 0, value.isNegative() ? 0 : 1);
                int seconds = Math.toIntExact(roundedUp(value).toSeconds());
                at.set(JAVA_INT, Integer.BYTES, value.isNegative() ? 0 : seconds);
                return 2 * Integer.BYTES;
            }

            @Override
            public Duration read(MemorySegment at, int length) {
                boolean on = at.get(JAVA_INT, 0) != 0;
                return Duration.ofSeconds(on ? at.get(JAVA_INT, Integer.BYTES) : -1);
            }
        };
    }
}
