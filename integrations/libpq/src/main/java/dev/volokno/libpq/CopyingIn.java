package dev.volokno.libpq;

import dev.volokno.foreign.Answer;
import java.util.Optional;

/** A {@code COPY FROM STDIN}. */
final class CopyingIn extends Exchange {
    private final Query query;
    private final Answer<Boolean> begun = new Answer<>("the server to take a COPY");
    private final Answer<Long> answer = new Answer<>("the end of a COPY");
    private boolean copying;
    private long affected;

    CopyingIn(Query query) {
        this.query = query;
    }

    /** That the server waits for data. */
    Answer<Boolean> begun() {
        return begun;
    }

    /** How many rows it took. */
    Answer<Long> answer() {
        return answer;
    }

    /** The end of the data; with a {@code reason} nothing of it is to be kept. */
    void finish(PqConnection connection, Optional<String> reason) {
        if (copying) {
            copying = false;
            if (connection.putCopyEnd(reason) < 0) {
                fail(
                        new PostgresException(
                                PostgresException.CONNECTION_FAILURE,
                                connection.errorMessage(),
                                null));
            }
        }
    }

    @Override
    boolean send(PqConnection connection, Arguments.Place place) {
        return place.send(query, connection);
    }

    @Override
    boolean beginCopyIn() {
        copying = true;
        begun.give(true);
        return true;
    }

    @Override
    boolean wants() {
        return !copying;
    }

    @Override
    boolean reads() {
        return true;
    }

    @Override
    void result(PqResult result) {
        if (begun.isThere()) {
            affected = Result.affected(result);
        } else {
            fail(new IllegalArgumentException("is no COPY ... FROM STDIN: " + query));
        }
    }

    @Override
    void end() {
        copying = false;
        Exception failure = failure();
        if (failure == null) {
            answer.give(affected);
        } else {
            begun.fail(failure);
            answer.fail(failure);
        }
    }
}
