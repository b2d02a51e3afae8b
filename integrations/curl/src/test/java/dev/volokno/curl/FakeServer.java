package dev.volokno.curl;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Takes connections, and does with each what a test wants, on a thread of its own. */
final class FakeServer implements AutoCloseable {
    private final ServerSocket listener;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<CompletableFuture<Void>> ends = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();

    /** What is done with a connection; it is closed after that. */
    @FunctionalInterface
    interface Behaviour {
        void serve(Socket socket) throws IOException;
    }

    private FakeServer(Behaviour behaviour) throws IOException {
        listener = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
        onThread(() -> {
            while (true) {
                Socket socket = listener.accept();
                sockets.add(socket);
                connections.incrementAndGet();
                onThread(() -> {
                    try (socket) {
                        behaviour.serve(socket);
                    }
                });
            }
        });
    }

    static FakeServer start(Behaviour behaviour) throws IOException {
        return new FakeServer(behaviour);
    }

    private interface Body {
        void run() throws IOException;
    }

    private void onThread(Body body) {
        var end = new CompletableFuture<Void>();
        ends.add(end);
        Thread.ofPlatform()
                .daemon()
                .name("fake-http")
                .start(() -> {
                    try {
                        body.run();
                        end.complete(null);
                    } catch (IOException closed) {
                        end.complete(null);
                    } catch (RuntimeException | Error e) {
                        end.completeExceptionally(e);
                    }
                });
    }

    String url() {
        return "http://127.0.0.1:" + listener.getLocalPort() + "/";
    }

    int connections() {
        return connections.get();
    }

    /** Reads a request's head, to the empty line; false at the connection's end. */
    static boolean readHead(Socket socket) throws IOException {
        String line = readLine(socket.getInputStream());
        boolean there = !line.isEmpty();
        while (!line.isEmpty()) {
            line = readLine(socket.getInputStream());
        }
        return there;
    }

    /** A line without its end; empty at the end of all. Reads no byte more. */
    private static String readLine(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\n' && c >= 0; c = in.read()) {
            line.append((char) c);
        }
        return line.toString().strip();
    }

    static void say(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /** Waits for the end of what the other side sends. */
    static void awaitEnd(Socket socket) throws IOException {
        while (socket.getInputStream().read() >= 0) {
            Thread.onSpinWait();
        }
    }

    /** Reads a body to its end, which a chunk of no length says. */
    static void awaitLastChunk(Socket socket) throws IOException {
        InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        int length = -1;
        while (length != 0) {
            length = Integer.parseInt(readLine(in), 16);
            in.skipNBytes(length + 2);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        ends.forEach(CompletableFuture::join);
    }
}
