package dev.volokno.libpq;

import dev.volokno.DeadlineException;
import dev.volokno.fiber.Scope;
import dev.volokno.foreign.Answer;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import java.util.Optional;

/**
 * Takes the data of a {@code COPY ... FROM STDIN}; where rows end, the data itself tells. Nothing
 * of it is kept by the server before {@link #finish}. One fiber at a time may use it.
 */
public final class CopyIn implements WritableByteChannel {
    private static final int MOST_AT_ONCE = 65_536;

    private final Postgres connection;
    private final CopyingIn copying;

    /** Between the caller and libpq, which makes a copy of its own. */
    private final MemorySegment room = Arena.ofAuto().allocate(MOST_AT_ONCE);

    private boolean open = true;

    CopyIn(Postgres connection, CopyingIn copying) {
        this.connection = connection;
        this.copying = copying;
    }

    /**
     * Sends all of {@code data}; parks while the server is slower. If that is cancelled, what was
     * sent is part of the data, and the rest is left in the buffer.
     */
    @Override
    public int write(ByteBuffer data) throws IOException {
        if (!open) {
            throw new ClosedChannelException();
        }
        int before = data.remaining();
        while (data.hasRemaining()) {
            int length = Math.min(data.remaining(), MOST_AT_ONCE);
            MemorySegment piece = room.asSlice(0, length);
            piece.asByteBuffer().put(data.slice(data.position(), length));
            Answer<Boolean> sent = connection.driver().callHere(session -> session.put(piece));
            data.position(data.position() + length);
            sent.<IOException>await();
        }
        return before;
    }

    /**
     * Ends the data, and returns how many rows the server has taken. Gives the connection back.
     * Parks.
     *
     * @throws PostgresException if the data is not what the table takes; nothing of it is kept
     */
    public long finish() throws IOException {
        if (!open) {
            throw new ClosedChannelException();
        }
        end(Optional.empty());
        open = false;
        try {
            return connection.awaitOrCancel(copying.answer());
        } finally {
            connection.turn().leave();
        }
    }

    private void end(Optional<String> reason) throws IOException {
        connection
                .driver()
                .call(session -> {
                    session.finish(copying, reason);
                    return true;
                });
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    /**
     * Gives up what was not finished: nothing is kept, and the connection can be used afterwards.
     * After {@link #finish} it does nothing. Parks, and is not cancelled.
     */
    @Override
    public void close() throws IOException {
        if (!open) {
            return;
        }
        open = false;
        try {
            if (connection.isOpen()) {
                Scope.shield(connection.options().cancelGrace(), this::giveUp);
            }
        } catch (DeadlineException silent) {
            connection.giveUp(silent, silent);
            throw silent;
        } finally {
            connection.turn().leave();
        }
    }

    private void giveUp() throws IOException {
        end(Optional.of("given up"));
        try {
            copying.answer().<IOException>await();
        } catch (PostgresException e) {
            // That it was given up, or that the data was no good: of that nobody wants to know.
            if (e.isFatal()) {
                throw e;
            }
        }
    }
}
