package dev.volokno.mosquitto;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The way to a broker, which can be cut: a proxy on threads of its own. */
final class Line implements AutoCloseable {
    private final int target;
    private final ServerSocket listener = new ServerSocket(0);
    private final Set<Socket> ends = ConcurrentHashMap.newKeySet();

    Line(int target) throws IOException {
        this.target = target;
        Thread.ofPlatform().daemon().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                join(listener.accept());
            }
        } catch (IOException closed) {
            cut();
        }
    }

    private void join(Socket near) throws IOException {
        try {
            Socket far = new Socket("127.0.0.1", target);
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
            ends.add(near);
            ends.add(far);
            Thread.ofPlatform().daemon().start(() -> copy(near, far));
            Thread.ofPlatform().daemon().start(() -> copy(far, near));
        } catch (IOException nobodyThere) {
            near.close();
        }
    }

    private void copy(Socket from, Socket to) {
        var bytes = new byte[8192];
        try (from;
                to) {
            InputStream input = from.getInputStream();
            int length = input.read(bytes);
            while (length >= 0) {
                to.getOutputStream().write(bytes, 0, length);
                length = input.read(bytes);
            }
        } catch (IOException cut) {
            ends.remove(from);
        } finally {
            ends.remove(to);
        }
    }

    /** Every connection is gone; new ones can be made. */
    void cut() {
        for (Socket end : ends) {
            try {
                end.setSoLinger(true, 0);
                end.close();
            } catch (IOException already) {
                ends.remove(end);
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }
}
