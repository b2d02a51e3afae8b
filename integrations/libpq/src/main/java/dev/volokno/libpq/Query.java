package dev.volokno.libpq;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.TemporalAccessor;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A command and the values of its parameters {@code $1}, {@code $2} and so on.
 *
 * <p>Values are told to the server as text, by their {@code toString}, and it takes them for what
 * the command needs there: texts, numbers, truth values, {@link UUID}s, enumerations' constants,
 * times of {@code java.time}. {@code byte[]} and {@link ByteBuffer} are told as they are, in the
 * binary format: {@code bytea} as a rule. An empty {@link Optional} and {@code null} are null. For
 * anything else give the text that PostgreSQL reads, such as <code>{1,2,3}</code> of an array.
 */
public final class Query {
    private static final int MOST_PARAMETERS = 65_535;

    private final String text;
    private final boolean prepared;
    private final boolean binary;
    private final byte[][] values;
    private final boolean[] binaryValues;
    private final byte[] utf8;

    /** What the columns of a statement were the last time; none of a command that comes once. */
    private final @Nullable Columns columns;

    private Query(String text, byte[] utf8, @Nullable Columns columns, Object... parameters) {
        this.text = text;
        this.utf8 = utf8;
        this.columns = columns;
        prepared = columns != null;
        binary = false;
        if (parameters.length > MOST_PARAMETERS) {
            throw new IllegalArgumentException(parameters.length + " parameters");
        }
        values = new byte[parameters.length][];
        binaryValues = new boolean[parameters.length];
        for (int i = 0; i < parameters.length; i++) {
            encode(i, parameters[i]);
        }
    }

    private Query(Query other, boolean binary) {
        text = other.text;
        utf8 = other.utf8;
        columns = other.columns;
        prepared = other.prepared;
        values = other.values;
        binaryValues = other.binaryValues;
        this.binary = binary;
    }

    /**
     * The command {@code text} with values for its parameters.
     *
     * @throws IllegalArgumentException if a value is of a class that has no text for PostgreSQL, or
     *     one has a zero character
     */
    public static Query of(String text, Object... parameters) {
        return new Query(withoutZero(text), utf8(text), null, parameters);
    }

    static Query prepared(Statement statement, Object... parameters) {
        return new Query(statement.name(), statement.utf8(), statement.columns(), parameters);
    }

    /** The same, whose result comes in the binary formats of its types. */
    public Query binary() {
        return new Query(this, true);
    }

    private void encode(int index, @Nullable Object given) {
        Object value = given instanceof Optional<?> optional ? optional.orElse(null) : given;
        switch (value) {
            case null -> {}
            case byte[] bytes -> binary(index, bytes.clone());
            case ByteBuffer buffer -> {
                byte[] bytes = new byte[buffer.remaining()];
                buffer.duplicate().get(bytes);
                binary(index, bytes);
            }
            default -> values[index] = utf8(textOf(value, index));
        }
    }

    private void binary(int index, byte[] bytes) {
        values[index] = bytes;
        binaryValues[index] = true;
    }

    private static String textOf(Object value, int index) {
        return switch (value) {
            case String string -> withoutZero(string);
            case CharSequence _, Character _ -> withoutZero(value.toString());
            case Number _, Boolean _, UUID _, TemporalAccessor _, Duration _ -> value.toString();
            case Enum<?> constant -> constant.name();
            default ->
                    throw new IllegalArgumentException(
                            "$"
                                    + (index + 1)
                                    + " is of "
                                    + value.getClass()
                                    + ": give the text that PostgreSQL reads");
        };
    }

    static String withoutZero(String text) {
        int zero = text.indexOf('\0');
        if (zero >= 0) {
            throw new IllegalArgumentException(
                    "a zero character at " + zero + ", which no text of PostgreSQL has");
        }
        return text;
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The command's text, or the statement's name. */
    byte[] utf8() {
        return utf8;
    }

    /** The columns of its result. */
    List<Column> columns(PqResult result) {
        return columns == null ? Columns.of(result) : columns.of(result, binary);
    }

    boolean isPrepared() {
        return prepared;
    }

    boolean isBinary() {
        return binary;
    }

    int count() {
        return values.length;
    }

    byte @Nullable [] value(int index) {
        return values[index];
    }

    boolean isBinary(int index) {
        return binaryValues[index];
    }

    @Override
    public String toString() {
        return text + (values.length == 0 ? "" : " with " + values.length + " parameters");
    }
}
