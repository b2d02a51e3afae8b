package dev.volokno.libpq;

import dev.volokno.support.HeaderCheck;
import org.junit.jupiter.api.Test;

/** The numbers of the binding are those of {@code <libpq-fe.h>}. */
class LibpqHeadersTest {
    @Test
    void everyNumberIsThatOfTheHeaders() throws Exception {
        HeaderCheck check = HeaderCheck.of("libpq-dev", "postgresql/libpq-fe.h");
        Libpq.load();
        check.numbers(PqConnection.class, "PGRES_", "CONNECTION_BAD = CONNECTION_BAD")
                .numbers(PqResult.class, "", "")
                .numbers(ConnectionString.class, "", OPTIONS)
                .assumed(0, "offsetof(PQconninfoOption, keyword)")
                .assumed(0, "offsetof(PGnotify, relname)")
                .assumed(8, "offsetof(PGnotify, be_pid)")
                .assumed(16, "offsetof(PGnotify, extra)")
                .assumed('V', "PG_DIAG_SEVERITY_NONLOCALIZED")
                .assumed('S', "PG_DIAG_SEVERITY")
                .assumed('C', "PG_DIAG_SQLSTATE")
                .assumed('M', "PG_DIAG_MESSAGE_PRIMARY")
                .assumed('D', "PG_DIAG_MESSAGE_DETAIL")
                .assumed('H', "PG_DIAG_MESSAGE_HINT")
                .assumed('P', "PG_DIAG_STATEMENT_POSITION")
                .assumed('W', "PG_DIAG_CONTEXT")
                .assumed('n', "PG_DIAG_CONSTRAINT_NAME")
                .assumed('d', "PG_DIAG_DATATYPE_NAME")
                .assumed('c', "PG_DIAG_COLUMN_NAME")
                .assumed('t', "PG_DIAG_TABLE_NAME")
                .check();
    }

    private static final String OPTIONS =
            """
            OPTION_SIZE = sizeof(PQconninfoOption)
            VALUE_OFFSET = offsetof(PQconninfoOption, val)
            """;
}
