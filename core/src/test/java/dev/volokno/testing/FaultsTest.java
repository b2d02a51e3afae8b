package dev.volokno.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.CancelledException;
import dev.volokno.HangUpException;
import dev.volokno.SystemCallException;
import dev.volokno.fd.ByteStream;
import dev.volokno.fd.Pipe;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.StreamKind;
import dev.volokno.support.StreamPair;
import dev.volokno.support.Waiting;
import dev.volokno.tty.Pty;
import dev.volokno.tty.SerialPort;
import dev.volokno.tty.SerialSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong by script and by plan. */
class FaultsTest {
    @Test
    void aShortReadIsShortAndTheRestComesNext() throws Exception {
        var script = new FaultScript().on("read", Fault.shortTransfer(2));
        TestLoop.create()
                .withFaults(script)
                .run(() -> {
                    try (Pipe pipe = Pipe.open()) {
                        pipe.sink().write(ByteBuffer.wrap(new byte[5]));
                        assertThat(pipe.source().read(ByteBuffer.allocate(9))).isEqualTo(2);
                        assertThat(pipe.source().read(ByteBuffer.allocate(9))).isEqualTo(3);
                    }
                });
        assertThat(script.isOver()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring"})
    void readinessThatTurnsOutWrongIsWaitedFor(String backend) throws Exception {
        var script = new FaultScript().on("recv", Fault.again(), Fault.late(3), Fault.again());
        TestLoop.create()
                .withBackend(backend)
                .withFaults(script)
                .run(() -> {
                    try (StreamPair tcp = StreamKind.TCP.open()) {
                        tcp.sink().write(ByteBuffer.wrap(new byte[3]));
                        for (int i = 0; i < 3; i++) {
                            tcp.source().readFully(ByteBuffer.allocate(1));
                        }
                    }
                });
        assertThat(script.isOver()).isTrue();
    }

    @Test
    void anErrnoIsToldWithCallAndDescriptor() {
        var script = new FaultScript().after(1, "write", Fault.errno("ENOSPC"));
        assertThatThrownBy(() ->
                        TestLoop.create()
                                .withFaults(script)
                                .run(() -> {
                                    try (Pipe pipe = Pipe.open()) {
                                        pipe.sink().write(ByteBuffer.wrap(new byte[1]));
                                        pipe.sink().write(ByteBuffer.wrap(new byte[1]));
                                    }
                                }))
                .isInstanceOf(SystemCallException.class)
                .hasMessageStartingWith("write: ENOSPC on fd");
    }

    @Test
    void anErrnoThatIsNoneIsRefused() {
        assertThatThrownBy(() -> Fault.errno("EWHATEVER"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("EWHATEVER");
    }

    @Test
    void aHangUpIsTheKindsOwnAndStays() throws Exception {
        var script = new FaultScript().after(1, "read", Fault.hangUp());
        TestLoop.create()
                .withFaults(script)
                .run(() -> {
                    try (Pty pty = Pty.open();
                            SerialPort port =
                                    SerialPort.open(pty.path(), SerialSettings.of(9600))) {
                        pty.write(ByteBuffer.wrap(new byte[2]));
                        port.readFully(ByteBuffer.allocate(2));
                        for (int i = 0; i < 2; i++) {
                            assertThatThrownBy(() -> port.read(ByteBuffer.allocate(1)))
                                    .isInstanceOf(HangUpException.class);
                        }
                        assertThatThrownBy(() -> port.write(ByteBuffer.wrap(new byte[1])))
                                .isInstanceOf(HangUpException.class);
                    }
                });
    }

    @Test
    void aResultThatIsOnItsWayWinsOverTheCancellation() throws Exception {
        var script = new FaultScript().on("read", Fault.late(5));
        TestLoop.create()
                .withFaults(script)
                .run(() -> {
                    try (Pipe pipe = Pipe.open()) {
                        pipe.sink().write(ByteBuffer.wrap(new byte[1]));
                        Fiber<Integer> reader =
                                Fiber.start(() -> pipe.source().read(ByteBuffer.allocate(1)));
                        Waiting.untilParked(reader);
                        reader.cancel();
                        assertThat(reader.join()).isOne();
                    }
                });
    }

    @ParameterizedTest
    @EnumSource(StreamKind.class)
    void benignFaultsGoUnnoticedWhateverTheSeed(StreamKind kind) throws Exception {
        for (int seed = 0; seed < 10; seed++) {
            TestLoop loop = TestLoop.create().withSeed(seed);
            loop.withFaults(FaultPlan.benign()).run(() -> carry(kind));
            loop.withBackend("io_uring").withFaults(FaultPlan.benign()).run(() -> carry(kind));
        }
    }

    @ParameterizedTest
    @EnumSource(StreamKind.class)
    void hostileFaultsEndTheRunWithAnExceptionAndNothingLeft(StreamKind kind) throws Exception {
        int ended = 0;
        for (int seed = 0; seed < 20; seed++) {
            try {
                TestLoop.create()
                        .withSeed(seed)
                        .withFaults(FaultPlan.hostile())
                        .run(() -> carry(kind));
            } catch (IOException | AssertionError | CancelledException e) {
                assertThat(e).isNotInstanceOf(DeadlockError.class);
                assertThat(e)
                        .satisfiesAnyOf(
                                thrown -> assertThat(thrown).isInstanceOf(IOException.class),
                                thrown -> assertThat(thrown).hasMessageContaining("ended after"));
                ended++;
            }
        }
        assertThat(ended).isPositive();
    }

    @Test
    void aPlanDrawsAnewForEachRunSoThatASeedAloneRepeatsOne() throws Exception {
        var plan = FaultPlan.benign();
        TestLoop loop = TestLoop.create().withSeed(42).withFaults(plan);
        List<Integer> first = sizesOfReads(loop);
        assertThat(sizesOfReads(loop)).isEqualTo(first);
        assertThat(first).as("the plan shortens some").anyMatch(size -> size < 1000);
    }

    private static List<Integer> sizesOfReads(TestLoop loop) throws Exception {
        var sizes = new ArrayList<Integer>();
        loop.run(() -> {
            try (Pipe pipe = Pipe.open()) {
                for (int i = 0; i < 50; i++) {
                    pipe.sink().write(ByteBuffer.allocate(1000));
                    sizes.add(pipe.source().read(ByteBuffer.allocate(1000)));
                }
            }
        });
        return sizes;
    }

    private static void carry(StreamKind kind) throws Exception {
        try (StreamPair pair = kind.open()) {
            ByteStream sink = pair.sink();
            byte[] sent = new byte[20_000];
            for (int i = 0; i < sent.length; i++) {
                sent[i] = (byte) (i * 31 >> 3);
            }
            Fiber<?> writer = Fiber.start(() -> sink.write(ByteBuffer.wrap(sent)));
            var received = ByteBuffer.allocateDirect(sent.length);
            pair.source().readFully(received);
            byte[] got = new byte[sent.length];
            received.flip().get(got);
            assertThat(got).isEqualTo(sent);
            writer.join();
        }
    }
}
