package dev.volokno.libpq;

import dev.volokno.foreign.Answer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command whose rows are taken in portions, as somebody asks for them. In between nothing is read
 * from the connection: the server waits when its socket is full.
 *
 * @param <E> the rows
 */
abstract sealed class Pulled<E> extends Exchange permits PulledRows, PulledCopy {
    private static final int MOST_ROWS = 256;
    private static final int MOST_BYTES = 65_536;

    private final Query query;
    private final Answer<Boolean> ended = new Answer<>("the end of rows");
    private List<E> portion = new ArrayList<>();
    private long bytes;
    private List<Column> columns = List.of();
    private @Nullable Answer<Portion<E>> demand;
    private boolean over;
    private boolean discarding;

    /** Some rows; {@code last} if none come after them. */
    record Portion<E>(List<E> rows, List<Column> columns, boolean last) {}

    Pulled(Query query) {
        this.query = query;
    }

    final Query query() {
        return query;
    }

    @Override
    boolean send(PqConnection connection, Arguments.Place place) {
        return place.send(query, connection);
    }

    final void add(E row, long length) {
        if (!discarding) {
            portion.add(row);
            bytes += length;
        }
    }

    final void columns(List<Column> known) {
        columns = known;
    }

    final List<Column> columns() {
        return columns;
    }

    /** Asks for the next portion, which has a row at least unless it is the last. */
    final Answer<Portion<E>> more() {
        var asked = new Answer<Portion<E>>("rows");
        demand = asked;
        return asked;
    }

    /** The rest is not wanted; tells when the command has ended. */
    final Answer<Boolean> discard() {
        discarding = true;
        portion = new ArrayList<>();
        return ended;
    }

    @Override
    final boolean wants() {
        return discarding || (demand != null && portion.size() < MOST_ROWS && bytes < MOST_BYTES);
    }

    @Override
    final boolean reads() {
        return discarding || demand != null;
    }

    @Override
    final void settle() {
        Answer<Portion<E>> asked = demand;
        if (asked == null || (portion.isEmpty() && !over)) {
            return;
        }
        demand = null;
        Exception failure = failure();
        if (portion.isEmpty() && failure != null) {
            asked.fail(failure);
        } else {
            asked.give(new Portion<>(portion, columns, over && failure == null));
            portion = new ArrayList<>();
            bytes = 0;
        }
    }

    @Override
    final void end() {
        over = true;
        settle();
        ended.give(true);
    }
}
