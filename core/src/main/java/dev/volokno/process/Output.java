package dev.volokno.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.volokno.fd.ByteStream;
import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Scope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What a program has said, and how it ended.
 *
 * @param command the program and its arguments
 * @param status how it ended
 * @param out its standard output
 * @param err its standard error output
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record Output(String command, ExitStatus status, byte[] out, byte[] err) {
    static final int USUAL_LIMIT = 16 << 20;

    private static final int PIECE = 1 << 16;
    private static final int TOLD = 1000;

    /**
     * Its standard output as UTF-8.
     *
     * @throws IOException if it has not {@linkplain ExitStatus#succeeded succeeded}, with what it
     *     said of that
     */
    public String text() throws IOException {
        if (!status.succeeded()) {
            var said = new String(err, UTF_8).strip();
            String end = said.substring(Math.max(0, said.length() - TOLD));
            throw new IOException(command + " " + status + (end.isEmpty() ? "" : ": " + end));
        }
        return new String(out, UTF_8);
    }

    /** Runs it to its end. */
    static Output of(Command command, int limit) throws Exception {
        if (limit < 0) {
            throw new IllegalArgumentException("a limit of " + limit + " bytes");
        }
        Command piped = command;
        if (isInherited(command, 0)) {
            piped = piped.withStdin(Stdio.discard());
        }
        for (int number = 1; number <= 2; number++) {
            if (isInherited(command, number)) {
                piped = piped.withDescriptor(number, Stdio.pipe());
            }
        }
        Command complete = piped;
        return Scope.run(scope -> {
            var child = scope.own(ChildProcess.spawn(complete));
            Fiber<byte[]> err = scope.fork(() -> readAll(child, 2, limit));
            byte[] out = readAll(child, 1, limit);
            byte[] errors = err.join();
            return new Output(command.toString(), child.awaitExit(), out, errors);
        });
    }

    private static boolean isInherited(Command command, int number) {
        Stdio stdio = command.files().get(number);
        return stdio == null || stdio.source().equals(Stdio.inherit().source());
    }

    private static byte[] readAll(ChildProcess child, int number, int limit) throws IOException {
        var all = new ByteArrayOutputStream();
        if (!child.hasStream(number)) {
            return all.toByteArray();
        }
        ByteStream stream = child.stream(number);
        ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
        while (stream.read(piece) >= 0) {
            var bytes = new byte[piece.flip().remaining()];
            piece.get(bytes).clear();
            if (all.size() + bytes.length > limit) {
                throw new IOException(
                        child + " says more than " + limit + " bytes at its descriptor " + number);
            }
            all.writeBytes(bytes);
        }
        return all.toByteArray();
    }
}
