package dev.volokno.fd;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.fiber.Deadline;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.Configuration;
import dev.volokno.support.Transport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** However bytes are sent and by whatever calls they are read: all of them come, once, in order. */
class ReadSideProperties {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Bytes for one write, and how often and how long the writer lets others run after it. */
    record Chunk(String text, int yields, int micros) {
        byte[] bytes() {
            return text.getBytes(ISO_8859_1);
        }
    }

    @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
    void whateverReadsTheyComeOnceAndInOrder(
            @ForAll Configuration configuration,
            @ForAll Transport transport,
            @ForAll("chunks") List<Chunk> chunks,
            @ForAll("steps") List<ReadStep> steps)
            throws Exception {
        configuration.run(() ->
                Deadline.within(
                        PATIENCE,
                        () -> {
                            Transport.Ends ends = transport.open();
                            Fiber<Void> writer = Fiber.start(() -> write(chunks, ends.sink()));
                            var model = new ReadModel(join(chunks));
                            for (ReadStep step : steps) {
                                model.take(ends.source(), step);
                            }
                            model.takeRest(ends.source());
                            writer.join();
                            ends.source().close();
                        }));
    }

    @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
    void severalReadersGetWholeLines(
            @ForAll Configuration configuration,
            @ForAll Transport transport,
            @ForAll("chunks") List<Chunk> chunks)
            throws Exception {
        var lines = new ArrayList<String>();
        configuration.run(() ->
                Deadline.within(
                        PATIENCE,
                        () -> {
                            Transport.Ends ends = transport.open();
                            var readers = new ArrayList<Fiber<List<String>>>();
                            for (int i = 0; i < 3; i++) {
                                readers.add(Fiber.start(() -> readLines(ends.source())));
                            }
                            write(chunks, ends.sink());
                            for (Fiber<List<String>> reader : readers) {
                                lines.addAll(reader.join());
                            }
                            ends.source().close();
                        }));
        String sent = new String(join(chunks), ISO_8859_1);
        assertThat(lines).containsExactlyInAnyOrderElementsOf(linesOf(sent));
    }

    /** Unlike {@link String#lines}: a carriage return alone ends no line. */
    private static List<String> linesOf(String text) {
        return text.isEmpty()
                ? List.of()
                : List.of(text.replaceFirst("\\r?\\n\\z", "").split("\\r?\\n", -1));
    }

    private static List<String> readLines(ByteStream source) throws IOException {
        var lines = new ArrayList<String>();
        for (String line : source.lines(ISO_8859_1, 100_000)) {
            lines.add(line);
        }
        return lines;
    }

    private static void write(List<Chunk> chunks, ByteStream sink) throws IOException {
        for (Chunk chunk : chunks) {
            sink.write(ByteBuffer.wrap(chunk.bytes()));
            for (int i = 0; i < chunk.yields(); i++) {
                Fiber.yield();
            }
            Fiber.sleep(Duration.ofNanos(chunk.micros() * 1_000L));
        }
        sink.close();
    }

    private static byte[] join(List<Chunk> chunks) {
        var all = new ByteArrayOutputStream();
        chunks.forEach(chunk -> all.writeBytes(chunk.bytes()));
        return all.toByteArray();
    }

    @Provide
    Arbitrary<List<ReadStep>> steps() {
        return ReadStep.any().list().ofMaxSize(40);
    }

    @Provide
    Arbitrary<List<Chunk>> chunks() {
        Arbitrary<String> text =
                Arbitraries.frequencyOf(
                        List.of(
                                Tuple.of(20, texts(1, 40)),
                                Tuple.of(5, texts(1, 2_000)),
                                Tuple.of(1, large())));
        return Combinators.combine(
                        text,
                        Arbitraries.integers().between(0, 4),
                        Arbitraries.of(0, 0, 0, 20, 200))
                .as(Chunk::new)
                .list()
                .ofMaxSize(25);
    }

    private static Arbitrary<String> texts(int least, int most) {
        return Arbitraries.strings()
                .withCharRange('a', 'z')
                .withChars("\n\n\n\n\r")
                .ofMinLength(least)
                .ofMaxLength(most);
    }

    /** More than a pipe holds, so that a write has to wait for the reader. */
    private static Arbitrary<String> large() {
        return texts(50, 100).map(part -> part.repeat(1_500));
    }
}
