package dev.volokno.libpq;

/** The rows of a query, one by one. */
final class PulledRows extends Pulled<Row> {
    PulledRows(Query query) {
        super(query);
    }

    @Override
    boolean send(PqConnection connection, Arguments.Place place) {
        return super.send(connection, place) && connection.setSingleRowMode();
    }

    @Override
    void result(PqResult result) {
        if (columns().size() != result.columns()) {
            columns(query().columns(result));
        }
        for (int i = 0; i < result.rows(); i++) {
            Row row = Row.copy(result, i, columns());
            add(row, row.length());
        }
    }
}
