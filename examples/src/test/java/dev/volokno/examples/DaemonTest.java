package dev.volokno.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The test plays systemd's part, with a small Python program in between. */
@Timeout(60)
class DaemonTest {
    /**
     * Opens a socket, hears what the service says, and starts it as systemd does: the socket is
     * descriptor 3, and the process that was told of it becomes the service.
     */
    private static final String MANAGER =
            """
            import os, socket, subprocess, sys
            passed = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            passed.bind(("127.0.0.1", 0))
            heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            heard.bind(sys.argv[1])
            def become():
                if passed.fileno() != 3:
                    os.dup2(passed.fileno(), 3)
                os.set_inheritable(3, True)
                os.environ.update(
                    LISTEN_PID=str(os.getpid()), LISTEN_FDS="1", LISTEN_FDNAMES="notes",
                    NOTIFY_SOCKET=sys.argv[1], WATCHDOG_USEC="200000")
                os.execvp(sys.argv[2], sys.argv[2:])
            pid = os.fork()
            if pid == 0:
                become()
            print("port", passed.getsockname()[1], "service", pid, flush=True)
            while True:
                for line in heard.recv(4096).decode().split("\\n"):
                    print("heard", line, flush=True)
                    if line == "STOPPING=1":
                        print("status", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
                        sys.exit(0)
            """;

    @TempDir private Path folder;

    @Test
    void itServesThePassedSocketAndTellsItsManager() throws Exception {
        Path manager = Files.writeString(folder.resolve("manager.py"), MANAGER);
        var command = new ArrayList<>(List.of("python3", manager.toString(), folder + "/notify"));
        command.addAll(Program.commandOf("Daemon"));
        try (var running = Program.start(folder, command.toArray(String[]::new))) {
            String[] words = running.awaitLine("port ").split(" ");
            int port = Integer.parseInt(words[1]);
            String service = words[3];
            running.awaitLine("heard READY=1");
            running.awaitLine("heard STATUS=waiting for notes");
            running.awaitLine("heard WATCHDOG=1");
            byte[] note = "hello".getBytes(US_ASCII);
            try (var sender = new DatagramSocket()) {
                var loopback = InetAddress.getLoopbackAddress();
                sender.send(new DatagramPacket(note, note.length, loopback, port));
            }
            running.awaitLine("note: hello");
            assertThat(closeOnExec(service)).isTrue();
            new ProcessBuilder("kill", "-HUP", service).start().waitFor();
            running.awaitLine("heard RELOADING=1");
            running.awaitLine("heard READY=1");
            new ProcessBuilder("kill", "-TERM", service).start().waitFor();
            running.awaitLine("heard STOPPING=1");
            running.awaitLine("status 0");
            assertThat(running.exitStatus()).isZero();
        }
    }

    /** Whether the passed socket would be kept from programs that the service starts. */
    private static boolean closeOnExec(String pid) throws Exception {
        String flags =
                Files.readAllLines(Path.of("/proc/" + pid + "/fdinfo/3")).stream()
                        .filter(line -> line.startsWith("flags:"))
                        .findFirst()
                        .orElseThrow()
                        .split("\\s+")[1];
        return (Integer.parseInt(flags, 8) & 02000000) != 0;
    }
}
