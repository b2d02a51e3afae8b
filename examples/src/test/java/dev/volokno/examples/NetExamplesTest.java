package dev.volokno.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class NetExamplesTest {
    private static final Path NULL = Path.of("/sys/class/mem/null/uevent");

    @TempDir private Path folder;

    @Test
    void aWebServerIsAskedByItsName() throws Exception {
        try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                var client =
                        Program.example(
                                folder,
                                "HttpHead",
                                "localhost",
                                String.valueOf(server.getLocalPort()));
                Socket connection = server.accept()) {
            connection
                    .getOutputStream()
                    .write("HTTP/1.0 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            client.awaitLine("connected to 127.0.0.1");
            client.awaitLine("HTTP/1.0 200 OK");
            assertThat(client.exitStatus()).isZero();
        }
    }

    @Test
    void aWebServerIsAskedByTls() throws Exception {
        String key = folder.resolve("key.pem").toString();
        String certificate = folder.resolve("certificate.pem").toString();
        List<String> making =
                List.of(
                        ("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
                                        + " -days 2 -subj /CN=localhost"
                                        + " -addext subjectAltName=DNS:localhost")
                                .split(" "));
        try (var openssl = openssl(making, "-keyout", key, "-out", certificate)) {
            assertThat(openssl.exitStatus()).isZero();
        }
        List<String> serving = List.of("openssl s_server -www -accept 0".split(" "));
        try (var server = openssl(serving, "-key", key, "-cert", certificate)) {
            String port = server.awaitLine("ACCEPT ").replaceAll(".*:", "");
            try (var client = Program.example(folder, "Https", "localhost", port, certificate)) {
                client.awaitLine("TLSv1.3 with CN=localhost");
                client.awaitLine("200 ok");
                assertThat(client.exitStatus()).isZero();
            }
            try (var stranger = Program.example(folder, "Https", "localhost", port)) {
                stranger.awaitLine("Https: ");
                assertThat(stranger.exitStatus()).isOne();
            }
        }
    }

    private Program openssl(List<String> words, String... more) {
        List<String> command = new ArrayList<>(words);
        command.addAll(List.of(more));
        try {
            return Program.start(folder, command.toArray(String[]::new));
        } catch (IOException e) {
            return abort("needs openssl: " + e.getMessage());
        }
    }

    @Test
    void otherMachinesAreListenedTo() throws Exception {
        try (var server = Program.example(folder, "VsockEcho", "-1")) {
            String said = server.awaitLine(line -> !line.isEmpty());
            assumeTrue(!said.contains("EAFNOSUPPORT"), "this kernel has no vsock");
            assertThat(said).matches("listening any:\\d+");
            server.signal("INT");
            assertThat(server.exitStatus()).isEqualTo(130);
        }
    }

    @Test
    void twoFindEachOther() throws Exception {
        try (var one = Program.example(folder, "Discover", "lo", "one");
                var two = Program.example(folder, "Discover", "lo", "two")) {
            one.awaitLine("found two at ");
            two.awaitLine("found one at ");
            assertThat(one.exitStatus() + two.exitStatus()).isZero();
        }
    }

    @Test
    void devicesAndLinksAreToldOf() throws Exception {
        assumeTrue(Files.isWritable(NULL), "only root may have the kernel tell something");
        try (var watch = Program.example(folder, "Watch")) {
            watch.awaitLine("link lo: up");
            watch.awaitLine("watching");
            Files.writeString(NULL, "change");
            watch.awaitLine("device change mem /devices/virtual/mem/null");
        }
    }

    @Test
    void thisMachineAnswersAPing() throws Exception {
        assumeTrue(Files.isWritable(NULL), "only root may open raw sockets");
        try (var ping = Program.example(folder, "Ping", "127.0.0.1", "2")) {
            ping.awaitLine("answer 1 after ");
            ping.awaitLine("answer 2 after ");
            assertThat(ping.exitStatus()).isZero();
        }
    }
}
