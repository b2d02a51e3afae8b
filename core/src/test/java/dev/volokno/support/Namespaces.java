package dev.volokno.support;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;

/** Parts of the system that belong to the test alone (namespaces(7)). */
@SuppressWarnings("restricted") // unshare is bound here, for tests alone
public final class Namespaces {
    private static final int CLONE_NEWNET = 0x4000_0000;
    private static final MethodHandle UNSHARE =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().findOrThrow("unshare"),
                            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private Namespaces() {}

    /** What runs on a thread of its own. */
    @FunctionalInterface
    public interface Body {
        void run() throws Exception;
    }

    /** Runs {@code body} on a thread that has a network of its own; so have programs it starts. */
    public static void withOwnNetwork(Body body) throws Exception {
        var failure = new AtomicReference<Throwable>();
        Thread thread =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                int result = (int) UNSHARE.invokeExact(CLONE_NEWNET);
                                assumeTrue(result == 0, "no network namespace (needs root)");
                                body.run();
                            } catch (Throwable t) {
                                failure.set(t);
                            }
                        });
        thread.join();
        Throwable thrown = failure.get();
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof Exception exception) {
            throw exception;
        }
    }

    /** A shell that has mounts of its own, seen by others below its {@code /proc/PID}. */
    public static final class MountShell implements AutoCloseable {
        private final Process process;
        private final BufferedReader output;
        private final Writer input;

        /** Starts one. */
        public MountShell() throws IOException {
            process =
                    new ProcessBuilder("unshare", "--mount", "--propagation=private", "sh")
                            .redirectErrorStream(true)
                            .start();
            output = process.inputReader();
            input = process.outputWriter();
            assumeTrue(run("true").isEmpty(), "no mount namespace (needs root)");
        }

        /** Runs a command to its end: what it said. */
        public String run(String command) throws IOException {
            try {
                input.write(command + "\necho .\n");
                input.flush();
            } catch (IOException ended) {
                return "ended";
            }
            var said = new StringBuilder();
            String line = output.readLine();
            while (line != null && !line.equals(".")) {
                said.append(line);
                line = output.readLine();
            }
            return line == null ? "ended" : said.toString();
        }

        /** Where others find its files. */
        public Path path(String path) {
            return Path.of("/proc/" + process.pid() + path);
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }
}
