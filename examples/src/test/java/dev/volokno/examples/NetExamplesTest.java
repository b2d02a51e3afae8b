package dev.volokno.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
