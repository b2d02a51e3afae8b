package dev.volokno.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class DemoTest {
    private static final int SENTENCES = 100_000;

    @TempDir private Path folder;

    /** Two terminals joined by socat: {@code name} and {@code name}-far, there on return. */
    private Program line(String name) throws IOException {
        var socat =
                Program.start(
                        folder,
                        "socat",
                        "-d",
                        "-d",
                        "pty,rawer,link=" + name,
                        "pty,rawer,link=" + name + "-far");
        socat.awaitLine("starting data transfer");
        return socat;
    }

    private Program demo(String... more) throws IOException {
        var arguments = new ArrayList<>(List.of("Demo", "--in", "gps"));
        arguments.addAll(List.of("--out", "display"));
        arguments.addAll(List.of(more));
        var demo = Program.example(folder, arguments.toArray(String[]::new));
        demo.awaitLine("display is open");
        return demo;
    }

    private static String sentence(int number) {
        var body = "GPTXT,01,01,02,sentence " + number;
        int sum = body.chars().reduce(0, (xor, character) -> xor ^ character);
        return "$%s*%02X\r\n".formatted(body, sum);
    }

    private static String json(int number) {
        return "{\"type\":\"GPTXT\",\"fields\":[\"01\",\"01\",\"02\",\"sentence " + number + "\"]}";
    }

    private static CompletableFuture<Void> feed(Writer gps, int count) {
        return CompletableFuture.runAsync(() -> {
            try {
                for (int i = 0; i < count; i++) {
                    gps.write(sentence(i));
                }
                gps.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static void expect(BufferedReader display, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            assertThat(display.readLine()).isEqualTo(json(i));
        }
    }

    /** Stays open to the end: socat takes its close for the end of the line. */
    private BufferedWriter gps() throws IOException {
        return Files.newBufferedWriter(folder.resolve("gps-far"), US_ASCII);
    }

    private BufferedReader display() throws IOException {
        return Files.newBufferedReader(folder.resolve("display-far"), US_ASCII);
    }

    @ParameterizedTest
    @ValueSource(strings = {"io_uring", "epoll"})
    void everySentenceComesOutOnceAndInOrder(String backend) throws Exception {
        try (var _ = line("gps");
                var _ = line("display");
                var demo = demo("--backend", backend);
                var writer = gps();
                var reader = display()) {
            var feeder = feed(writer, SENTENCES);
            expect(reader, SENTENCES);
            feeder.join();
            demo.signal("TERM");
            demo.awaitLine("total: " + SENTENCES + " sentences, 0 bad");
            assertThat(demo.exitStatus()).isEqualTo(143);
        }
    }

    @Test
    void aWrongChecksumIsCountedAndDropped() throws Exception {
        try (var _ = line("gps");
                var _ = line("display");
                var demo = demo();
                var writer = gps();
                var reader = display()) {
            writer.write("$GPTXT,bad*00\r\n");
            feed(writer, 1).join();
            expect(reader, 1);
            demo.signal("INT");
            demo.awaitLine("total: 1 sentences, 1 bad");
            assertThat(demo.exitStatus()).isEqualTo(130);
        }
    }

    @Test
    void portsThatVanishAreOpenedAgain() throws Exception {
        try (var gps = line("gps");
                var display = line("display");
                var demo = demo()) {
            gps.kill();
            Files.deleteIfExists(folder.resolve("gps"));
            demo.awaitLine("gps has vanished");
            display.kill();
            Files.deleteIfExists(folder.resolve("display"));
            try (var _ = line("gps");
                    var _ = line("display");
                    var writer = gps();
                    var reader = display()) {
                demo.awaitLine("gps is back");
                var feeder = feed(writer, 1000);
                expect(reader, 1000);
                feeder.join();
                demo.awaitLine("display has vanished");
                demo.signal("TERM");
                demo.awaitLine("total: 1000 sentences, 0 bad");
            }
        }
    }

    @Test
    void itSimulatesAGpsAndEndsInTime() throws Exception {
        try (var demo = Program.example(folder, "Demo", "--for", "1.5s", "--json")) {
            demo.awaitLine("is open");
            demo.awaitLine("{\"sentences\":");
            demo.awaitLine("heartbeat");
            assertThat(demo.exitStatus()).isZero();
        }
    }
}
