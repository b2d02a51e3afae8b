package dev.volokno.fd;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.CancelledException;
import dev.volokno.DeadlineException;
import dev.volokno.SystemCallException;
import dev.volokno.fiber.Deadline;
import dev.volokno.fiber.Fiber;
import dev.volokno.net.TcpSocket;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.StreamKind;
import dev.volokno.support.StreamPair;
import dev.volokno.support.Waiting;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Bulk that goes from one stream of ours to another: nothing is lost, doubled or out of place. */
class SpliceTest {
    private static final byte[] ALL = Bytes.pattern(3_000_000);
    private static final List<StreamKind> KINDS = List.of(StreamKind.PIPE, StreamKind.TCP);

    /** What is done with a way in, {@code from} to {@code to}, and a way out. */
    private interface Body {
        void run(StreamPair in, StreamPair out) throws Exception;
    }

    private static void betweenAll(Configuration configuration, Body body) throws Exception {
        for (StreamKind from : KINDS) {
            for (StreamKind to : KINDS) {
                configuration.run(() -> {
                    try (StreamPair in = from.open();
                            StreamPair out = to.open()) {
                        body.run(in, out);
                    }
                });
            }
        }
    }

    private static Fiber<Integer> feed(ByteStream sink, byte[] bytes) {
        return Fiber.start(() -> sink.write(ByteBuffer.wrap(bytes)));
    }

    private static byte[] readAll(ByteStream source) throws IOException {
        var read = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(100_000);
        while (source.read(buffer.clear()) >= 0) {
            read.write(buffer.array(), 0, buffer.position());
        }
        return read.toByteArray();
    }

    @EachConfiguration
    void everyByteArrivesAndThenTheCountIsTold(Configuration configuration) throws Exception {
        betweenAll(
                configuration,
                (in, out) -> {
                    Fiber.start(() -> {
                        in.sink().write(ByteBuffer.wrap(ALL));
                        in.sink().close();
                    });
                    var reader = Fiber.start(() -> readAll(out.source()));
                    assertThat(in.source().transferTo(out.sink())).isEqualTo(ALL.length);
                    // Only the source is at its end; the target is its owner's.
                    out.sink().write(ByteBuffer.wrap(new byte[] {42}));
                    out.sink().close();
                    byte[] received = reader.join();
                    assertThat(received).hasSize(ALL.length + 1);
                    assertThat(Arrays.copyOf(received, ALL.length)).isEqualTo(ALL);
                });
    }

    @EachConfiguration
    void whatIsLeftOverGoesFirst(Configuration configuration) throws Exception {
        betweenAll(
                configuration,
                (in, out) -> {
                    byte[] line = "line\n".getBytes(US_ASCII);
                    Fiber.start(() -> {
                        in.sink().write(ByteBuffer.wrap(line));
                        in.sink().write(ByteBuffer.wrap(ALL));
                        in.sink().close();
                    });
                    in.source().readUntil(ByteBuffer.allocate(50_000), '\n');
                    var reader = Fiber.start(() -> readAll(out.source()));
                    in.source().transferTo(out.sink());
                    out.sink().close();
                    assertThat(reader.join()).isEqualTo(ALL);
                });
    }

    @EachConfiguration
    void noMoreGoesThanWasAskedForAndTheRestIsThere(Configuration configuration) throws Exception {
        betweenAll(
                configuration,
                (in, out) -> {
                    Fiber.start(() -> {
                        in.sink().write(ByteBuffer.wrap(ALL));
                        in.sink().close();
                    });
                    var reader = Fiber.start(() -> readAll(out.source()));
                    assertThat(in.source().transferTo(out.sink(), 2_000_001)).isEqualTo(2_000_001);
                    out.sink().close();
                    byte[] rest = readAll(in.source());
                    assertThat(rest).hasSize(ALL.length - 2_000_001);
                    assertThat(joined(reader.join(), rest)).isEqualTo(ALL);
                });
    }

    @EachConfiguration
    void whoIsCancelledBeforeAFullTargetLosesNoByteAndTellsHowManyWent(Configuration configuration)
            throws Exception {
        betweenAll(
                configuration,
                (in, out) -> {
                    var feeder = feed(in.sink(), ALL);
                    long[] went = new long[1];
                    var mover =
                            Fiber.start(() -> {
                                try {
                                    in.source().transferTo(out.sink());
                                } catch (CancelledException e) {
                                    went[0] = e.transferred();
                                }
                            });
                    // Nobody reads: both are full then.
                    Waiting.awaitParked(feeder, mover);
                    Deadline.tryWithin(Duration.ofMillis(5), () -> feeder.join());
                    mover.cancel();
                    mover.join();
                    out.sink().close();
                    byte[] first = readAll(out.source());
                    assertThat(first).hasSize((int) went[0]);
                    var rest = ByteBuffer.allocate(ALL.length - first.length);
                    in.source().readFully(rest);
                    feeder.join();
                    assertThat(joined(first, rest.array())).isEqualTo(ALL);
                });
    }

    @EachConfiguration
    void whatAClosedTargetDidNotTakeIsLeftForTheNext(Configuration configuration) throws Exception {
        betweenAll(
                configuration,
                (in, out) -> {
                    Fiber.start(() -> {
                        in.sink().write(ByteBuffer.wrap(ALL));
                        in.sink().close();
                    });
                    var mover =
                            Fiber.start(() ->
                                    assertThatThrownBy(() -> in.source().transferTo(out.sink()))
                                            .isInstanceOf(AsynchronousCloseException.class));
                    Waiting.awaitParked(mover);
                    Fiber.sleep(Duration.ofMillis(2));
                    out.sink().close();
                    mover.join();
                    byte[] first = readAll(out.source());
                    byte[] rest = readAll(in.source());
                    assertThat(joined(first, rest)).isEqualTo(ALL);
                });
    }

    private static byte[] joined(byte[] first, byte[] rest) {
        byte[] all = Arrays.copyOf(first, first.length + rest.length);
        System.arraycopy(rest, 0, all, first.length, rest.length);
        return all;
    }

    @EachConfiguration
    void aTargetThatNobodyReadsFailsAndTakesNothingMore(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (StreamPair in = StreamKind.TCP.open();
                    StreamPair out = StreamKind.PIPE.open()) {
                var feeder = feed(in.sink(), ALL);
                var mover =
                        Fiber.start(() ->
                                assertThatThrownBy(() -> in.source().transferTo(out.sink()))
                                        .isInstanceOf(SystemCallException.class)
                                        .hasMessageContaining("EPIPE on " + out.sink()));
                Waiting.awaitParked(mover);
                int held = ((PipeEnd) out.source()).capacity();
                var taken = ByteBuffer.allocate(held);
                out.source().readFully(taken);
                out.source().close();
                mover.join();
                var reader = Fiber.start(() -> readAll(in.source()));
                feeder.join();
                in.sink().close();
                // What the pipe took before its reader closed went with it.
                byte[] rest = reader.join();
                int begin = ALL.length - rest.length;
                assertThat(begin).isGreaterThanOrEqualTo(held);
                assertThat(rest).isEqualTo(Arrays.copyOfRange(ALL, begin, ALL.length));
            }
        });
    }

    @EachConfiguration
    void aSocketEchoesToItself(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (StreamPair pair = StreamKind.TCP.open()) {
                Fiber.start(() -> {
                    pair.source().transferTo(pair.source());
                    pair.source().close();
                });
                var client = (TcpSocket) pair.sink();
                Fiber.start(() -> {
                    client.write(ByteBuffer.wrap(ALL));
                    client.shutdownOutput();
                });
                assertThat(readAll(client)).isEqualTo(ALL);
            }
        });
    }

    @EachConfiguration
    void whatTheKernelDoesNotMoveIsCopied(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (Pipe pipe = Pipe.open()) {
                byte[] full = Arrays.copyOf(ALL, pipe.source().capacity());
                pipe.sink().write(ByteBuffer.wrap(full));
                // Round and round, which splice(2) refuses for one and the same pipe.
                assertThatThrownBy(() ->
                                Deadline.within(
                                        Duration.ofMillis(5),
                                        () -> pipe.source().transferTo(pipe.sink())))
                        .isInstanceOf(DeadlineException.class);
                var read = ByteBuffer.allocate(full.length);
                pipe.source().readFully(read);
                Arrays.sort(full);
                Arrays.sort(read.array());
                assertThat(read.array()).isEqualTo(full);
            }
        });
    }
}
