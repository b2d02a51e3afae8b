package dev.volokno.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.support.ChildJava;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernel opens a file here for each request: there may be no descriptor for that. */
class GuardWithoutDescriptorTest {
    private static final String PROGRAM =
            """
            import dev.volokno.DeadlineException;
            import dev.volokno.fiber.*;
            import dev.volokno.file.*;
            import dev.volokno.loop.*;
            import java.io.*;
            import java.nio.file.Path;
            import java.time.Duration;
            import java.util.ArrayList;

            class Program {
                static final Offload.Pool POOL = Offload.pool("shell", 1).abandoningOnCancel();
                static final ArrayList<Closeable> HELD = new ArrayList<>();

                public static void main(String[] arguments) throws Exception {
                    var shell = new ProcessBuilder("sh").redirectErrorStream(true).start();
                    var root = Path.of(arguments[0]);
                    Loop.run(() -> {
                        var options = GuardOptions.of(Extent.MOUNT);
                        try (var guard = FilesystemGuard.open(root, options)) {
                            Fiber.daemon(() -> {
                                for (var request : guard) {
                                    request.allow();
                                }
                            });
                            for (int i = 0; i < 5; i++) {
                                cat(shell, root);
                            }
                            hold();
                            System.out.println(cat(shell, root));
                            for (var one : HELD) {
                                one.close();
                            }
                            System.out.println(cat(shell, root));
                        }
                    });
                    shell.destroy();
                    System.exit(0);
                }

                static String cat(Process shell, Path root) throws IOException {
                    var out = shell.outputWriter();
                    out.write("cat " + root.resolve("file") + "\\n");
                    out.flush();
                    try {
                        return Deadline.within(Duration.ofSeconds(5), () ->
                                POOL.call(() -> shell.inputReader().readLine()));
                    } catch (DeadlineException silent) {
                        return "frozen";
                    }
                }

                static void hold() {
                    try {
                        while (true) {
                            HELD.add(new FileInputStream("/dev/null"));
                        }
                    } catch (IOException full) {
                        System.out.println("full");
                    }
                }
            }
            """;

    @TempDir private Path folder;

    @Test
    void oneRequestIsDeniedAndTheOthersGoOn() throws Exception {
        Path root = Files.createDirectory(folder.resolve("root"));
        try (var mounted = Mounted.tmpfs(root)) {
            Files.writeString(root.resolve("file"), "content\n");
            String said =
                    ChildJava.of(folder, PROGRAM).opened().descriptors(150).run(root.toString());
            assertThat(said.lines().toList())
                    .satisfiesExactly(
                            line -> assertThat(line).isEqualTo("full"),
                            line -> assertThat(line).contains("not permitted"),
                            line -> assertThat(line).isEqualTo("content"));
            mounted.unmount();
        }
    }
}
