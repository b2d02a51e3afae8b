package dev.volokno.libpq;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * What a command gave, whole and in memory.
 *
 * @param columns of the rows; empty if it gives none
 * @param rows in order
 * @param command what it was, such as {@code INSERT 0 1}
 * @param affected how many rows were inserted, changed, deleted, copied or selected
 */
public record Result(List<Column> columns, List<Row> rows, String command, long affected)
        implements Iterable<Row> {

    static Result copy(PqResult result, List<Column> columns) {
        int count = result.rows();
        var rows = new ArrayList<Row>(count);
        for (int i = 0; i < count; i++) {
            rows.add(Row.copy(result, i, columns));
        }
        return new Result(columns, List.copyOf(rows), result.command(), affected(result));
    }

    static long affected(PqResult result) {
        String affected = result.affected();
        return affected.isEmpty() ? 0 : Long.parseLong(affected);
    }

    /**
     * The only row.
     *
     * @throws IllegalStateException if there is none, or another
     */
    public Row row() {
        if (rows.size() != 1) {
            throw new IllegalStateException(rows.size() + " rows, and not one");
        }
        return rows.getFirst();
    }

    @Override
    public Iterator<Row> iterator() {
        return rows.iterator();
    }

    @Override
    public String toString() {
        return command + ", " + rows.size() + " rows";
    }
}
