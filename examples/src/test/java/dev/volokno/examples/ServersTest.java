package dev.volokno.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The proxy and the chat, with clients that are programs of others. */
@Timeout(60)
class ServersTest {
    @TempDir private Path folder;

    private static String port(Program server) throws IOException {
        return server.awaitLine("listening ").split(" ")[1];
    }

    private static Process client(String... command) {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            return abort("needs " + command[0] + ": " + e.getMessage());
        }
    }

    @Test
    void theProxyHandsOnBothDirectionsAndTheirEnds() throws Exception {
        try (var echo = Program.example(folder, "EchoServer", "0");
                var proxy = Program.example(folder, "TcpProxy", "0", "127.0.0.1", port(echo))) {
            Process socat = client("socat", "-t", "30", "-", "TCP:127.0.0.1:" + port(proxy));
            byte[] sent = "through the proxy and back\n".repeat(20_000).getBytes();
            var writing =
                    Thread.ofVirtual()
                            .start(() -> {
                                try (var out = socat.getOutputStream()) {
                                    out.write(sent);
                                } catch (IOException e) {
                                    throw new AssertionError(e);
                                }
                            });
            assertThat(socat.getInputStream().readAllBytes()).isEqualTo(sent);
            writing.join();
            assertThat(socat.waitFor()).isZero();
        }
    }

    @Test
    void curlGoesThroughTheProxy() throws Exception {
        byte[] page = "hello through the proxy\n".repeat(50_000).getBytes();
        HttpServer web = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        web.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(200, page.length);
                    exchange.getResponseBody().write(page);
                    exchange.close();
                });
        web.start();
        String target = String.valueOf(web.getAddress().getPort());
        try (var proxy = Program.example(folder, "TcpProxy", "0", "127.0.0.1", target)) {
            String address = "http://127.0.0.1:" + port(proxy) + "/";
            // The second is asked for over the same connection.
            Process curl = client("curl", "-sS", "--max-time", "30", address, address);
            byte[] both = curl.getInputStream().readAllBytes();
            assertThat(both).hasSize(2 * page.length).startsWith(page).endsWith(page);
            assertThat(curl.waitFor()).isZero();
        } finally {
            web.stop(0);
        }
    }

    @Test
    void guestsOfTheChatHearEachOther() throws Exception {
        try (var chat = Program.example(folder, "ChatServer", "0")) {
            String address = "TCP:127.0.0.1:" + port(chat);
            Process anna = client("socat", "-", address);
            var heard = anna.inputReader();
            say(anna, "Anna");
            assertThat(heard.readLine()).isEqualTo("hello Anna, others here: 0");
            Process boris = client("socat", "-", address);
            var heardByBoris = boris.inputReader();
            say(boris, "Boris");
            assertThat(heardByBoris.readLine()).isEqualTo("hello Boris, others here: 1");
            assertThat(heard.readLine()).isEqualTo("Boris is here");
            say(boris, "hello");
            assertThat(heard.readLine()).isEqualTo("Boris: hello");
            say(anna, "welcome");
            assertThat(heardByBoris.readLine()).isEqualTo("Anna: welcome");
            boris.destroy();
            assertThat(heard.readLine()).isEqualTo("Boris has left");
            anna.destroy();
        }
    }

    private static void say(Process guest, String line) throws IOException {
        guest.getOutputStream().write((line + "\n").getBytes());
        guest.getOutputStream().flush();
    }
}
