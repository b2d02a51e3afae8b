package dev.volokno.tty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.linux.Serial;
import dev.volokno.support.ChildJava;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a pseudo-terminal cannot do, at the border of the kernel: the requests that a port makes, as
 * strace(1) understands them, and what it makes of answers that strace puts in their place.
 */
@Timeout(60)
class SerialAbiTest {
    private static final String PROGRAM =
            """
            import dev.volokno.fiber.*;
            import dev.volokno.loop.Loop;
            import dev.volokno.tty.*;
            import java.time.Duration;
            import java.util.concurrent.*;

            class Program {
                public static void main(String[] args) throws Exception {
                    Loop.run(() -> {
                        try (var far = Pty.open();
                                var port = SerialPort.open(far.path(), SerialSettings.of(9600))) {
                            say("pid " + ProcessHandle.current().pid());
                            String command = Offload.call(() -> line());
                            while (command != null) {
                                try {
                                    say(String.valueOf(answer(port, command)));
                                } catch (Exception e) {
                                    say(String.valueOf(e.getMessage()));
                                }
                                command = Offload.call(() -> line());
                            }
                        }
                    });
                }

                static Object answer(SerialPort port, String command) throws Exception {
                    switch (command) {
                        case "raise" -> port.modem().raise(ModemLine.DTR, ModemLine.RTS);
                        case "lower" -> port.modem().lower(ModemLine.RTS);
                        case "break" -> port.sendBreak(Duration.ofMillis(1));
                        case "cancelled break" -> {
                            var fiber = Fiber.start(() -> port.sendBreak(Duration.ofDays(1)));
                            Fiber.sleep(Duration.ofMillis(50));
                            fiber.cancel();
                            try {
                                fiber.join();
                            } catch (CancellationException e) {
                                return "cancelled";
                            }
                        }
                        case "lines" -> {
                            return port.modem().lines();
                        }
                        case "counters" -> {
                            return port.counters();
                        }
                        case "rs485" -> {
                            return port.rs485();
                        }
                        case "low latency" -> port.lowLatency(true);
                        case "usual latency" -> port.lowLatency(false);
                    }
                    return "done";
                }

                /** Without a look whether more is there, which would be an ioctl(2) too. */
                static String line() throws Exception {
                    var line = new StringBuilder();
                    var in = new java.io.FileInputStream(java.io.FileDescriptor.in);
                    int read = in.read();
                    while (read >= 0 && read != 10) {
                        line.append((char) read);
                        read = in.read();
                    }
                    return read < 0 ? null : line.toString();
                }

                static void say(String line) {
                    System.out.println(line);
                }
            }
            """;

    @TempDir private Path directory;

    private static final class Child implements AutoCloseable {
        private final Process process;
        private final BufferedReader output;
        private final long pid;

        Child(Process process) throws Exception {
            this.process = process;
            output = process.inputReader(UTF_8);
            String line = output.readLine();
            assertThat(line).startsWith("pid ");
            pid = Long.parseLong(line.substring(4));
        }

        String ask(String command) throws Exception {
            process.outputWriter().write(command + "\n");
            process.outputWriter().flush();
            return output.readLine();
        }

        /** Asks while each ioctl(2) succeeds and answers with {@code words}. */
        String askWith(String command, int... words) throws Exception {
            var poke = new StringBuilder();
            for (int word : words) {
                poke.append("%08x".formatted(Integer.reverseBytes(word)));
            }
            var strace =
                    new ProcessBuilder(
                                    "strace",
                                    "-f",
                                    "-p",
                                    Long.toString(pid),
                                    "-o",
                                    "/dev/null",
                                    "-e",
                                    "inject=ioctl:retval=0:poke_exit=@arg3=" + poke)
                            .start();
            try {
                assertThat(strace.errorReader().readLine()).contains("attached");
                return ask(command);
            } finally {
                strace.destroy();
                strace.waitFor();
            }
        }

        @Override
        public void close() throws IOException {
            process.outputWriter().close();
            process.onExit().orTimeout(20, TimeUnit.SECONDS).join();
        }
    }

    private ChildJava program() throws Exception {
        return ChildJava.of(directory, PROGRAM).opened();
    }

    private List<String> requestsOf(String... commands) throws Exception {
        Path trace = directory.resolve("trace");
        String[] strace = {
            "strace", "-f", "--seccomp-bpf", "-e", "trace=ioctl", "-o", trace.toString()
        };
        try (var child = new Child(program().under(strace).start())) {
            for (String command : commands) {
                child.ask(command);
            }
        }
        return Files.readAllLines(trace).stream()
                .map(line -> line.replaceFirst("^\\d+ +", "").replaceFirst(" = .*", "").strip())
                .map(line -> line.replaceFirst("\\(\\d+, ", "(N, "))
                .filter(line -> line.contains("TIOCM") || line.contains("BRK"))
                .filter(line -> line.startsWith("ioctl"))
                .toList();
    }

    @Test
    void linesAreSetByTheirBitsAndABreakIsAlwaysEnded() throws Exception {
        assertThat(requestsOf("raise", "lower", "break", "cancelled break"))
                .containsExactly(
                        "ioctl(N, TIOCMBIS, [TIOCM_DTR|TIOCM_RTS])",
                        "ioctl(N, TIOCMBIC, [TIOCM_RTS])",
                        "ioctl(N, TIOCSBRK)",
                        "ioctl(N, TIOCCBRK)",
                        "ioctl(N, TIOCSBRK)",
                        "ioctl(N, TIOCCBRK)");
    }

    @Test
    void answersOfTheDriverAreUnderstood() throws Exception {
        try (var child = new Child(program().start())) {
            assertThat(child.askWith("lines", 0x166)).isEqualTo("[DTR, RTS, CTS, DSR, DCD]");
            assertThat(child.askWith("counters", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11))
                    .isEqualTo(
                            "SerialCounters[received=5, sent=6, framing=7, overruns=8, parity=9,"
                                    + " breaks=10, bufferOverruns=11]");
            assertThat(child.askWith("rs485", 0x15, 20, 30))
                    .isEqualTo(
                            "Rs485[enabled=true, rtsOnSend=false, rtsAfterSend=true,"
                                    + " receiveWhileSending=true, terminated=false,"
                                    + " delayBefore=PT0.02S, delayAfter=PT0.03S]");
            assertThat(child.askWith("low latency", 0, 0, 0, 0, 0x2000)).isEqualTo("done");
            assertThat(child.askWith("usual latency", 0, 0, 0, 0, 0x2000))
                    .contains("ioctl(TIOCSSERIAL): EINVAL on fd", "another latency");
        }
    }

    @Test
    void rs485IsWrittenAsTheKernelReadsIt() {
        var wanted =
                Rs485.on()
                        .withRtsInverted()
                        .withDelays(Duration.ofMillis(3), Duration.ofNanos(4_900_000));
        ByteBuffer structure = wanted.structure();
        var expected = ByteBuffer.allocate(Serial.RS485_SIZE).order(ByteOrder.nativeOrder());
        expected.putInt(Serial.SER_RS485_ENABLED | Serial.SER_RS485_RTS_AFTER_SEND);
        assertThat(structure).isEqualTo(expected.putInt(3).putInt(4).rewind());
        assertThat(Rs485.of(structure).objection(wanted)).isNull();
        assertThat(Rs485.off().objection(wanted)).contains("enabled=false", "instead of");
    }
}
