package dev.volokno.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.support.ChildJava;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind is opened where too few descriptors are free: none, one, and so on. */
class NoDescriptorForKindsTest {
    private static final int KINDS = 19;

    private static final String PROGRAM =
            """
            import dev.volokno.fd.*;
            import dev.volokno.file.*;
            import dev.volokno.loop.*;
            import dev.volokno.net.*;
            import dev.volokno.process.*;
            import dev.volokno.process.Signal;
            import dev.volokno.tty.*;
            import java.io.Closeable;
            import java.io.IOException;
            import java.net.InetAddress;
            import java.net.InetSocketAddress;
            import java.nio.file.Path;
            import java.nio.file.StandardOpenOption;
            import java.time.LocalTime;
            import java.time.ZoneId;
            import java.util.*;

            class Program {
                static final ArrayDeque<Closeable> OPEN = new ArrayDeque<>();

                interface Opening {
                    Closeable make() throws Exception;
                }

                public static void main(String[] arguments) throws Exception {
                    var options = arguments[0].equals("unconfined")
                            ? LoopOptions.unconfined()
                            : LoopOptions.defaults().withBackend(arguments[0]);
                    Loop.run(options, () -> {
                        var line = Pty.open();
                        var kinds = kinds(line.path());
                        for (Opening kind : kinds.values()) {
                            kind.make().close();
                        }
                        openAll();
                        for (var kind : kinds.entrySet()) {
                            report(kind.getKey(), kind.getValue());
                        }
                    });
                    System.out.println("end");
                }

                static Map<String, Opening> kinds(Path slave) throws Exception {
                    var here = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
                    var folder = Path.of(".");
                    var fifo = Path.of("fifo");
                    Fifo.make(fifo, EnumSet.of(
                            java.nio.file.attribute.PosixFilePermission.OWNER_READ,
                            java.nio.file.attribute.PosixFilePermission.OWNER_WRITE));
                    var kinds = new LinkedHashMap<String, Opening>();
                    kinds.put("path", () -> Fd.open(Path.of("/dev/null"), StandardOpenOption.READ));
                    kinds.put("pipe", Pipe::open);
                    kinds.put("fifo", () -> Fifo.at(fifo).openReader());
                    kinds.put("event", EventFd::open);
                    kinds.put("timer", () -> TimerFd.open(TimerFd.Clock.MONOTONIC));
                    kinds.put("alarm", () -> Alarm.on(
                            Schedule.daily(LocalTime.NOON, ZoneId.of("UTC"))));
                    kinds.put("serial", () -> SerialPort.open(slave, SerialSettings.of(9600)));
                    kinds.put("pty", Pty::open);
                    kinds.put("standard", StandardStreams::in);
                    kinds.put("signals", () -> Signals.open(Signal.USR1));
                    kinds.put("child", () -> ChildProcess.spawn(Command.of("true")
                            .withStdin(Stdio.pipe())
                            .withStdout(Stdio.pipe())
                            .withStderr(Stdio.discard())));
                    kinds.put("watch", () -> ProcessWatch.of(1));
                    kinds.put("program", () -> ptyProgram());
                    kinds.put("udp", () -> UdpSocket.bind(here));
                    kinds.put("listener", () -> TcpListener.bind(here));
                    kinds.put("netlink", () -> NetlinkSocket.open(NetlinkSocket.ROUTE, 0));
                    kinds.put("ports", SerialEvents::open);
                    kinds.put("file", () -> RegularFile.openTemporary(folder));
                    kinds.put("directory", () -> DirectoryWatcher.open(folder));
                    return kinds;
                }

                static Closeable ptyProgram() throws Exception {
                    var pty = Pty.open();
                    try {
                        var child = pty.spawn(Command.of("true"));
                        return () -> {
                            child.close();
                            pty.close();
                        };
                    } catch (Exception e) {
                        pty.close();
                        throw e;
                    }
                }

                static void report(String name, Opening kind) throws Exception {
                    String answer = "";
                    for (int free = 0; !answer.equals("goes"); free++) {
                        for (int i = 0; i < free; i++) {
                            OPEN.pop().close();
                        }
                        try {
                            kind.make().close();
                            answer = "goes";
                            System.out.println(name + " needs " + free);
                        } catch (IOException e) {
                            answer = e.getMessage();
                            if (!answer.contains("EMFILE")) {
                                System.out.println(name + " says " + e);
                            }
                        }
                        int open = openAll();
                        if (open != free) {
                            System.out.println(name + " leaves " + open + " of " + free);
                        }
                    }
                }

                static int openAll() {
                    int count = 0;
                    while (true) {
                        try {
                            OPEN.push(EventFd.open());
                            count++;
                        } catch (IOException full) {
                            return count;
                        }
                    }
                }
            }
            """;

    @TempDir private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"io_uring", "epoll", "unconfined"})
    void eachSaysSoLeavesNoneBehindAndGoesOnceThereAreEnough(String how) throws Exception {
        String output =
                ChildJava.of(directory, PROGRAM).opened().descriptors(64).in(directory).run(how);
        assertThat(output.lines())
                .hasSize(KINDS + 1)
                .endsWith("end")
                .allMatch(line -> line.matches("[a-z]+ needs [1-9]|end"));
    }
}
