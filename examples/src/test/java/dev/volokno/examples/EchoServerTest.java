package dev.volokno.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EchoServerTest {
    private static final int CLIENTS = 50;

    @TempDir private Path folder;

    @Test
    void eachClientGetsBackWhatItSent() throws Exception {
        try (var server = Program.example(folder, "EchoServer", "0")) {
            int port = Integer.parseInt(server.awaitLine("listening ").split(" ")[1]);
            var clients = new ArrayList<Socket>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(new Socket(InetAddress.getLoopbackAddress(), port));
            }
            for (int i = 0; i < CLIENTS; i++) {
                clients.get(i).getOutputStream().write(message(i));
            }
            for (int i = CLIENTS - 1; i >= 0; i--) {
                expect(clients.get(i), message(i));
            }
        }
    }

    private static byte[] message(int client) {
        return ("client " + client + " ").repeat(2000).getBytes(US_ASCII);
    }

    private static void expect(Socket client, byte[] message) throws IOException {
        try (client) {
            client.shutdownOutput();
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(message);
        }
    }

    @Test
    void withoutAPortItSaysHowItIsUsed() throws Exception {
        try (var server = Program.example(folder, "EchoServer")) {
            server.awaitLine("usage: EchoServer PORT");
            assertThat(server.exitStatus()).isEqualTo(2);
        }
    }
}
