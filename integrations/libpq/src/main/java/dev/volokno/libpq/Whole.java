package dev.volokno.libpq;

import dev.volokno.foreign.Answer;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A command whose results are wanted all together. */
final class Whole extends Exchange {
    private final Sending sending;
    private final Function<PqResult, List<Column>> columns;
    private final List<Result> results = new ArrayList<>(1);
    private final Answer<List<Result>> answer = new Answer<>("the results");

    /** How it is sent; false with an error message. */
    @FunctionalInterface
    private interface Sending {
        boolean send(PqConnection connection, Arguments.Place place);
    }

    private Whole(Sending sending, Function<PqResult, List<Column>> columns) {
        this.sending = sending;
        this.columns = columns;
    }

    static Whole of(Query query) {
        return new Whole((connection, place) -> place.send(query, connection), query::columns);
    }

    /** Several commands, without parameters. */
    static Whole script(String text) {
        byte[] bytes = Query.utf8(Query.withoutZero(text));
        return new Whole(
                (connection, place) -> {
                    try (Arena once = Arena.ofConfined()) {
                        return connection.sendScript(Arguments.text(bytes, once));
                    }
                },
                Columns::of);
    }

    /** Has the server prepare {@code text} under {@code name}. */
    static Whole preparing(String name, String text) {
        byte[] bytes = Query.utf8(Query.withoutZero(text));
        return new Whole(
                (connection, place) -> {
                    try (Arena once = Arena.ofConfined()) {
                        return connection.sendPrepare(
                                once.allocateFrom(name), Arguments.text(bytes, once));
                    }
                },
                Columns::of);
    }

    Answer<List<Result>> answer() {
        return answer;
    }

    @Override
    boolean send(PqConnection connection, Arguments.Place place) {
        return sending.send(connection, place);
    }

    @Override
    boolean wants() {
        return true;
    }

    @Override
    boolean reads() {
        return true;
    }

    @Override
    void result(PqResult result) {
        results.add(Result.copy(result, columns.apply(result)));
    }

    @Override
    void end() {
        if (results.isEmpty() && failure() == null) {
            fail(
                    new PostgresException(
                            PostgresException.PROTOCOL_VIOLATION,
                            "the server ended a command without a result",
                            null));
        }
        Exception failure = failure();
        if (failure == null) {
            answer.give(results);
        } else {
            answer.fail(failure);
        }
    }
}
