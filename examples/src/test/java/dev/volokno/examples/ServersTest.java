package dev.volokno.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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

    private static Process client(String... command) throws IOException {
        return new ProcessBuilder(command).redirectErrorStream(true).start();
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
