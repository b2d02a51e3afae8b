package dev.volokno.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The examples of C libraries, beside real servers. */
@Timeout(60)
class LibrariesTest {
    @TempDir private Path folder;

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Program server(String command) {
        try {
            return Program.start(folder, command.split(" "));
        } catch (IOException e) {
            return abort("needs a server: " + e.getMessage());
        }
    }

    @Test
    void namesAreAskedForAllAtOnce() throws Exception {
        int port = freePort();
        String dnsmasq =
                "dnsmasq --keep-in-foreground --conf-file=/dev/null --pid-file= --user="
                        + " --no-resolv --no-hosts --local=/test/ --log-facility=-"
                        + " --bind-interfaces --listen-address=127.0.0.1 --port="
                        + port
                        + " --host-record=one.test,192.0.2.1 --srv-host=_x._tcp.test,one.test,80";
        try (var server = server(dnsmasq)) {
            server.awaitLine("started");
            try (var program =
                    Program.example(
                            folder,
                            "Names",
                            "@127.0.0.1:" + port,
                            "one.test",
                            "none.test",
                            "_x._tcp.test")) {
                assertThat(program.allLines())
                        .contains("one.test: [192.0.2.1]", "none.test: ARES_ENOTFOUND")
                        .anyMatch(line -> line.startsWith("_x._tcp.test: [ServiceRecord[host=one"));
                assertThat(program.exitStatus()).isZero();
            }
        }
    }

    @Test
    void pagesAreFetched() throws Exception {
        Files.writeString(folder.resolve("page"), "hello");
        try (var server = server("python3 -u -m http.server --bind 127.0.0.1 0")) {
            String url =
                    server.awaitLine("Serving HTTP on").replaceFirst(".*\\((http.*/)\\).*", "$1");
            try (var program = Program.example(folder, "Fetch", url + "page", url + "none")) {
                assertThat(program.allLines())
                        .anyMatch(line -> line.contains("page: 200, 5 bytes, "))
                        .anyMatch(line -> line.contains("none: 404, "));
                assertThat(program.exitStatus()).isZero();
            }
        }
    }
}
