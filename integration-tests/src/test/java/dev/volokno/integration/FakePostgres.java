package dev.volokno.integration;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.FutureTask;

/** Says what no PostgreSQL would, to one client, who is let in without a password. */
final class FakePostgres implements Closeable {
    /** That it is ready for the next command. */
    static final byte[] READY = message('Z', 'I');

    private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());

    /** What happens after the client is let in. */
    @FunctionalInterface
    interface Serving {
        void serve(DataInputStream in, OutputStream out) throws IOException;
    }

    FakePostgres(Serving serving) throws IOException {
        // What it ends by is only that the client has gone, or the test.
        var session = new FutureTask<>(() -> admit(serving));
        Thread.ofPlatform().daemon().start(session);
    }

    private boolean admit(Serving serving) throws IOException {
        try (Socket client = listener.accept()) {
            var in = new DataInputStream(client.getInputStream());
            in.skipNBytes(in.readInt() - 4L);
            OutputStream out = client.getOutputStream();
            out.write(together(message('R', 0, 0, 0, 0), READY));
            serving.serve(in, out);
            return true;
        }
    }

    String conninfo() {
        return "host=127.0.0.1 user=me dbname=test sslmode=disable port=" + listener.getLocalPort();
    }

    /** Reads a command whole; false at the end of the session. */
    static boolean command(DataInputStream in) throws IOException {
        while (true) {
            int type = in.read();
            if (type < 0 || type == 'X') {
                return false;
            }
            in.skipNBytes(in.readInt() - 4L);
            if (type == 'S' || type == 'Q') {
                return true;
            }
        }
    }

    /** The same answer to each command, until the client goes. */
    static Serving always(byte[] answer) {
        return (in, out) -> {
            while (command(in)) {
                out.write(answer);
            }
        };
    }

    static byte[] message(char type, int... body) {
        var bytes = ByteBuffer.allocate(5 + body.length).put((byte) type).putInt(4 + body.length);
        for (int one : body) {
            bytes.put((byte) one);
        }
        return bytes.array();
    }

    /** A message of texts that end with zeros. */
    static byte[] texts(char type, String... texts) {
        return message(type, String.join("\0", texts).concat("\0").chars().toArray());
    }

    static byte[] done(String tag) {
        return texts('C', tag);
    }

    static byte[] together(byte[]... messages) {
        var all = new ByteArrayOutputStream();
        for (byte[] message : messages) {
            all.writeBytes(message);
        }
        return all.toByteArray();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
