package dev.volokno.libpq;

import dev.volokno.foreign.CString;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A row of a result, in memory of its own. Columns are counted from 0; those that are named are the
 * first of that name.
 */
public final class Row {
    private final List<Column> columns;
    private final byte[] values;

    /** Where each value ends, or the complement of it if it is null. */
    private final int[] ends;

    private Row(List<Column> columns, byte[] values, int[] ends) {
        this.columns = columns;
        this.values = values;
        this.ends = ends;
    }

    /** A copy of row {@code row}. */
    static Row copy(PqResult result, int row, List<Column> columns) {
        int[] ends = new int[columns.size()];
        int end = 0;
        for (int i = 0; i < ends.length; i++) {
            int length = result.length(row, i);
            end += length;
            ends[i] = length == 0 && result.isNull(row, i) ? ~end : end;
        }
        byte[] values = new byte[end];
        int start = 0;
        for (int i = 0; i < ends.length; i++) {
            end = ends[i];
            if (end > start) {
                MemorySegment value = result.value(row, i);
                MemorySegment.copy(
                        CString.reach(value, end - start),
                        ValueLayout.JAVA_BYTE,
                        0,
                        values,
                        start,
                        end - start);
                start = end;
            }
        }
        return new Row(columns, values, ends);
    }

    /** How many bytes its values have. */
    int length() {
        return values.length;
    }

    /** The columns, the same for all rows of a result. */
    public List<Column> columns() {
        return columns;
    }

    /**
     * The place of the first column called {@code name}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public int column(String name) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(name)) {
                return i;
            }
        }
        throw new IllegalArgumentException(
                "no column " + name + " in " + columns.stream().map(Column::name).toList());
    }

    /** Whether the value is null. */
    public boolean isNull(int column) {
        return ends[column] < 0;
    }

    private int start(int column) {
        int before = column == 0 ? 0 : ends[column - 1];
        return before < 0 ? ~before : before;
    }

    /** Where it ends; there must be one. */
    private int end(int column) {
        int end = ends[column];
        if (end < 0) {
            throw new IllegalStateException(columns.get(column) + " is null here");
        }
        return end;
    }

    /**
     * The value in text, as PostgreSQL writes it.
     *
     * @throws IllegalStateException if it is null, or binary
     */
    public String text(int column) {
        int end = end(column);
        if (columns.get(column).binary()) {
            throw new IllegalStateException(columns.get(column) + " is no text: take bytes()");
        }
        int start = start(column);
        return new String(values, start, end - start, StandardCharsets.UTF_8);
    }

    /** Like {@link #text(int)}, of the column called {@code name}. */
    public String text(String name) {
        return text(column(name));
    }

    /** Like {@link #text(int)}; empty if the value is null. */
    public Optional<String> find(int column) {
        return isNull(column) ? Optional.empty() : Optional.of(text(column));
    }

    /** Like {@link #find(int)}, of the column called {@code name}. */
    public Optional<String> find(String name) {
        return find(column(name));
    }

    /**
     * The value of a column of whole numbers, in either format.
     *
     * @throws IllegalStateException if it is null
     * @throws NumberFormatException if it is no such number
     */
    public long integer(int column) {
        int end = end(column);
        if (!columns.get(column).binary()) {
            return Long.parseLong(text(column));
        }
        int start = start(column);
        if (end == start || end - start > Long.BYTES) {
            throw new NumberFormatException(
                    columns.get(column) + " has " + (end - start) + " bytes");
        }
        long number = values[start];
        for (int i = start + 1; i < end; i++) {
            number = number << Byte.SIZE | (values[i] & 0xFF);
        }
        return number;
    }

    /** Like {@link #integer(int)}, of the column called {@code name}. */
    public long integer(String name) {
        return integer(column(name));
    }

    /**
     * The value's bytes as they came: the binary format of binary columns, the text of others; of
     * {@code bytea} the bytes that it stands for, in either format.
     *
     * @throws IllegalStateException if it is null
     */
    public byte[] bytes(int column) {
        int end = end(column);
        int start = start(column);
        Column described = columns.get(column);
        boolean hexadecimal =
                described.type() == Column.BYTEA
                        && !described.binary()
                        && end - start >= 2
                        && values[start] == '\\'
                        && values[start + 1] == 'x';
        return hexadecimal
                ? HexFormat.of().parseHex(text(column).substring(2))
                : Arrays.copyOfRange(values, start, end);
    }

    /** Like {@link #bytes(int)}, of the column called {@code name}. */
    public byte[] bytes(String name) {
        return bytes(column(name));
    }

    @Override
    public String toString() {
        var text = new StringBuilder("(");
        for (int i = 0; i < ends.length; i++) {
            text.append(i == 0 ? "" : ", ");
            boolean binary = !isNull(i) && columns.get(i).binary();
            text.append(binary ? HexFormat.of().formatHex(bytes(i)) : find(i).orElse("null"));
        }
        return text.append(')').toString();
    }
}
