package dev.volokno.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.support.ChildJava;
import java.io.BufferedReader;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals in a process of their own, beside the JVM's. */
@Timeout(60)
class SignalProcessTest {
    @TempDir private Path folder;

    /** Takes signals until the first USR1, closes, and then waits for whatever comes. */
    private static final String TAKER =
            """
            import dev.volokno.loop.Loop;
            import dev.volokno.process.Signal;
            import dev.volokno.process.Signals;

            void main(String... names) throws Exception {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> IO.println("hook")));
                var which = Stream.of(names).map(Signal::of).toArray(Signal[]::new);
                Loop.run(() -> {
                    try (var signals = Signals.open(which)) {
                        IO.println("ready");
                        for (var info : signals) {
                            if (info.signal().equals(Signal.USR1)) {
                                break;
                            }
                            IO.println(info.signal() + " " + info.value());
                        }
                    }
                    IO.println("closed");
                });
                Thread.currentThread().join();
            }
            """;

    private static void kill(Process process, String... arguments) throws Exception {
        var command = new String[arguments.length + 2];
        command[0] = "kill";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        command[command.length - 1] = String.valueOf(process.pid());
        assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
    }

    private static void expect(BufferedReader output, String... lines) throws Exception {
        for (String line : lines) {
            assertThat(output.readLine()).isEqualTo(line);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void shutdownHooksWorkAgainAfterTheClose(String name) throws Exception {
        Process process =
                ChildJava.of(folder, TAKER)
                        .opened()
                        // Whoever runs the tests in the background may have it ignored.
                        .under("env", "--default-signal=" + name)
                        .start(name, "USR1");
        try (BufferedReader output = process.inputReader()) {
            expect(output, "ready");
            kill(process, "-" + name);
            expect(output, "SIG" + name + " 0");
            kill(process, "-USR1");
            expect(output, "closed");
            kill(process, "-" + name);
            expect(output, "hook");
            assertThat(process.waitFor()).isEqualTo(128 + Signal.of(name).number());
        } finally {
            process.destroyForcibly();
        }
    }

    /** And so does the one by which the JVM suspends threads, when it was told to take another. */
    @Test
    void oneThatIsBlockedInEveryThreadComesToo() throws Exception {
        Process process =
                ChildJava.of(folder, TAKER)
                        .opened()
                        .under("env", "--block-signal=USR1,RTMIN+3", "_JAVA_SR_SIGNUM=50")
                        .start("USR1", "USR2", "RTMIN+3");
        try (BufferedReader output = process.inputReader()) {
            expect(output, "ready");
            for (int i = 0; i < 50; i++) {
                assertThat(Kill.queue((int) process.pid(), Signal.realTime(3), i)).isTrue();
            }
            for (int i = 0; i < 50; i++) {
                expect(output, "SIGRTMIN+3 " + i);
            }
            kill(process, "-USR2");
            expect(output, "SIGUSR2 0");
            kill(process, "-USR1");
            expect(output, "closed");
            // Blocked again, and so without effect.
            kill(process, "-USR1");
            kill(process, "-TERM");
            expect(output, "hook");
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aBurstUnderAllocationHarmsNothingAndAllArrive() throws Exception {
        var program =
                """
                import dev.volokno.loop.Loop;
                import dev.volokno.process.Signal;
                import dev.volokno.process.Signals;

                void main() throws Exception {
                    var garbage = Thread.ofPlatform().daemon().start(() -> {
                        var list = new ArrayList<byte[]>();
                        while (true) {
                            list.add(new byte[1000]);
                            if (list.size() > 10_000) {
                                list.clear();
                            }
                        }
                    });
                    Loop.run(() -> {
                        try (var signals = Signals.open(Signal.realTime(1), Signal.USR1)) {
                            IO.println("ready");
                            for (int burst = 0; burst < 5; burst++) {
                                long sum = 0;
                                for (int i = 0; i < 4000; i++) {
                                    sum += signals.take().value();
                                }
                                IO.println("sum " + sum + " dropped " + signals.dropped());
                            }
                        }
                    });
                }
                """;
        Process process = ChildJava.of(folder, program).opened().start();
        try (BufferedReader output = process.inputReader()) {
            expect(output, "ready");
            for (int burst = 0; burst < 5; burst++) {
                for (int i = 0; i < 4000; i++) {
                    while (!Kill.queue((int) process.pid(), Signal.realTime(1), i)) {
                        Thread.yield();
                    }
                }
                expect(output, "sum 7998000 dropped 0");
            }
            assertThat(process.waitFor()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }
}
