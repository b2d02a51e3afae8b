package dev.volokno.libpq;

import java.util.Arrays;
import java.util.List;

/**
 * The columns of a prepared statement's results. The server refuses to let them become others
 * ("cached plan must not change result type"), so they are looked at once for each format.
 */
final class Columns {
    private List<Column> text = List.of();
    private List<Column> binary = List.of();

    /** Of {@code result}, which is the statement's; in the driver's fiber. */
    List<Column> of(PqResult result, boolean inBinary) {
        List<Column> known = inBinary ? binary : text;
        if (known.size() == result.columns()) {
            return known;
        }
        List<Column> found = of(result);
        if (inBinary) {
            binary = found;
        } else {
            text = found;
        }
        return found;
    }

    static List<Column> of(PqResult result) {
        var columns = new Column[result.columns()];
        Arrays.setAll(columns, i -> new Column(result.name(i), result.type(i), result.isBinary(i)));
        return List.of(columns);
    }
}
