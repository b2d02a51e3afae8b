package dev.volokno.libpq;

import static dev.volokno.libpq.Libpq.function;
import static dev.volokno.libpq.Libpq.getter;
import static dev.volokno.libpq.Libpq.procedure;
import static dev.volokno.libpq.Libpq.unexpected;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.volokno.foreign.CString;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** libpq-fe.h: a {@code PGresult}. */
final class PqResult {
    static final int PGRES_EMPTY_QUERY = 0;
    static final int PGRES_COMMAND_OK = 1;
    static final int PGRES_TUPLES_OK = 2;
    static final int PGRES_COPY_OUT = 3;
    static final int PGRES_COPY_IN = 4;
    static final int PGRES_COPY_BOTH = 8;
    static final int PGRES_SINGLE_TUPLE = 9;

    private static final MethodHandle STATUS = getter("PQresultStatus", JAVA_INT, ADDRESS);
    private static final MethodHandle ERROR_MESSAGE =
            getter("PQresultErrorMessage", ADDRESS, ADDRESS);
    private static final MethodHandle ERROR_FIELD =
            getter("PQresultErrorField", ADDRESS, ADDRESS, JAVA_INT);
    private static final MethodHandle ROWS = getter("PQntuples", JAVA_INT, ADDRESS);
    private static final MethodHandle COLUMNS = getter("PQnfields", JAVA_INT, ADDRESS);
    private static final MethodHandle NAME = getter("PQfname", ADDRESS, ADDRESS, JAVA_INT);
    private static final MethodHandle TYPE = getter("PQftype", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle FORMAT = getter("PQfformat", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle VALUE =
            getter("PQgetvalue", ADDRESS, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle LENGTH =
            getter("PQgetlength", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle IS_NULL =
            getter("PQgetisnull", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle COMMAND = getter("PQcmdStatus", ADDRESS, ADDRESS);
    private static final MethodHandle AFFECTED = function("PQcmdTuples", ADDRESS, ADDRESS);
    private static final MethodHandle CLEAR = procedure("PQclear", ADDRESS);

    private final MemorySegment pointer;

    PqResult(MemorySegment pointer) {
        this.pointer = pointer;
    }

    int status() {
        return number(STATUS);
    }

    int rows() {
        return number(ROWS);
    }

    int columns() {
        return number(COLUMNS);
    }

    /** The whole message, as psql would show it. */
    String errorMessage() {
        return CString.at(text(ERROR_MESSAGE), "").strip();
    }

    /** A field of the server's message, by its letter in {@code postgres_ext.h}. */
    Optional<String> errorField(char letter) {
        return CString.at(text(ERROR_FIELD, letter));
    }

    String name(int column) {
        return CString.at(text(NAME, column), "");
    }

    int type(int column) {
        return number(TYPE, column);
    }

    boolean isBinary(int column) {
        return number(FORMAT, column) == 1;
    }

    /** Such as {@code INSERT 0 1}. */
    String command() {
        return CString.at(text(COMMAND), "");
    }

    /** How many rows the command concerned; empty text if it concerns none. */
    String affected() {
        return CString.at(text(AFFECTED), "");
    }

    int length(int row, int column) {
        return number(LENGTH, row, column);
    }

    boolean isNull(int row, int column) {
        return number(IS_NULL, row, column) != 0;
    }

    /** Where the value is, until {@link #clear}. */
    MemorySegment value(int row, int column) {
        try {
            return (MemorySegment) VALUE.invokeExact(pointer, row, column);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    void clear() {
        try {
            CLEAR.invokeExact(pointer);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    private int number(MethodHandle function) {
        try {
            return (int) function.invokeExact(pointer);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    private int number(MethodHandle function, int index) {
        try {
            return (int) function.invokeExact(pointer, index);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    private int number(MethodHandle function, int row, int column) {
        try {
            return (int) function.invokeExact(pointer, row, column);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    private MemorySegment text(MethodHandle function) {
        try {
            return (MemorySegment) function.invokeExact(pointer);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    private MemorySegment text(MethodHandle function, int index) {
        try {
            return (MemorySegment) function.invokeExact(pointer, index);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }
}
