package dev.volokno.libpq;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL refuses a command, or its connection is lost. Which, tells {@link #sqlState}: class
 * {@code 08} is the connection's, all others come from the server.
 */
public final class PostgresException extends IOException {
    private static final long serialVersionUID = 1L;

    /** The connection could not be made. */
    static final String UNABLE_TO_CONNECT = "08001";

    /** What the server says makes no sense, or is too much. */
    static final String PROTOCOL_VIOLATION = "08P01";

    /** The connection was lost. */
    static final String CONNECTION_FAILURE = "08006";

    private final String sqlState;
    private final transient @Nullable ServerMessage message;

    PostgresException(String sqlState, String text, @Nullable Throwable cause) {
        super(text, cause);
        this.sqlState = sqlState;
        message = null;
    }

    PostgresException(ServerMessage message) {
        super(message.toString());
        sqlState = message.sqlState();
        this.message = message;
    }

    /**
     * Five characters: the server's error code, such as {@code 23505} of a duplicate; {@code 08001}
     * if no connection could be made; {@code 08006} if it was lost and the server did not say why;
     * {@code 08P01} if it was given up because of an answer that cannot be taken.
     */
    public String sqlState() {
        return sqlState;
    }

    /** What the server said; empty if the connection was lost without a word. */
    public Optional<ServerMessage> serverMessage() {
        return Optional.ofNullable(message);
    }

    boolean isFatal() {
        return message == null ? sqlState.startsWith("08") : message.isFatal();
    }

    /** The same, thrown once more for somebody else. */
    PostgresException again() {
        var again =
                message == null
                        ? new PostgresException(sqlState, String.valueOf(getMessage()), this)
                        : new PostgresException(message);
        if (message != null) {
            again.initCause(this);
        }
        return again;
    }
}
