package dev.volokno.libpq;

import org.jspecify.annotations.Nullable;

/**
 * A command, from its sending to its last result; a connection has one at a time. Everything here
 * is called in the driver's fiber, in this order:
 *
 * <pre>
 *   send -> (result | fail | beginCopyIn | beginCopyOut data...)... -> end
 *   at any point: lost, and nothing after it
 * </pre>
 */
abstract sealed class Exchange permits Whole, Pulled, CopyingIn {
    private @Nullable Exception failure;

    /** Hands the command to libpq; false with an error message of the connection's. */
    abstract boolean send(PqConnection connection, Arguments.Place place);

    /** Whether the next result, or row of a COPY, is wanted now. */
    abstract boolean wants();

    /** Whether the connection's input is to be read, though nothing may be wanted now. */
    abstract boolean reads();

    /** A result, which is cleared afterwards. */
    abstract void result(PqResult result);

    /** The server waits for data; false if nobody will send any. */
    boolean beginCopyIn() {
        return false;
    }

    /** The server sends data; false if nobody wants it. */
    boolean beginCopyOut() {
        return false;
    }

    /** A row of a COPY. */
    void data(byte[] row) {}

    /** Everything that is there has been told. */
    void settle() {}

    /** There was the last result. */
    abstract void end();

    /** The command has failed, and its end will come; the first failure is what is thrown. */
    final void fail(Exception reason) {
        if (failure == null) {
            failure = reason;
        } else if (failure != reason) {
            failure.addSuppressed(reason);
        }
    }

    /** The connection is lost: what the server said before is the better reason. */
    final void lost(PostgresException reason) {
        if (failure == null) {
            failure = reason;
        }
        end();
    }

    final @Nullable Exception failure() {
        return failure;
    }
}
