package dev.volokno.support;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.volokno.fiber.Action;
import dev.volokno.linux.Fcntl;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * Two network namespaces of a test's own, left and right, and a cable between them: {@code cable}
 * at either end, with the addresses 192.0.2.1 and 192.0.2.2, 2001:db8::1 and 2001:db8::2. They are
 * removed when it is closed, and what a killed test has left behind when the next one is made.
 */
@SuppressWarnings("restricted") // setns is bound here, for tests alone
public final class Network implements AutoCloseable {
    public static final String LEFT = "192.0.2.1";
    public static final String RIGHT = "192.0.2.2";

    /** Nobody has it, and what is sent there is lost without a word. */
    public static final String BLACK_HOLE = "192.0.2.99";

    private static final Path NAMESPACES = Path.of("/run/netns");
    private static final String PREFIX = "volokno-";
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final int CLONE_NEWNET = 0x40000000;
    private static final MethodHandle SETNS =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().findOrThrow("setns"),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT));

    private final String left;
    private final String right;

    private Network(String name) {
        left = name + "-left";
        right = name + "-right";
    }

    /** Makes the two, or ends the test with the reason why that cannot be. */
    public static Network open() throws IOException {
        removeLeftBehind();
        var network =
                new Network(PREFIX + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet());
        try {
            network.make();
            return network;
        } catch (IOException | RuntimeException | Error e) {
            network.close();
            throw e;
        }
    }

    private void make() throws IOException {
        assumeTrue(run("ip netns add " + left).isEmpty(), "network namespaces are not allowed");
        ip("netns add " + right);
        String cable = run("ip -n " + left + " link add cable type veth peer cable netns " + right);
        assumeTrue(cable.isEmpty(), "this kernel has no veth: " + cable);
        equip(left, 1);
        equip(right, 2);
        ip("-n " + left + " neigh add " + BLACK_HOLE + " lladdr 02:00:00:00:00:99 dev cable");
    }

    private static void equip(String namespace, int number) throws IOException {
        String in = "-n " + namespace + " ";
        ip(in + "link set lo up");
        ip(in + "address add 192.0.2." + number + "/24 dev cable");
        ip(in + "address add 2001:db8::" + number + "/64 dev cable nodad");
        ip(in + "link set cable up");
    }

    /** Runs {@code ip -n LEFT} with these words. */
    public void ipLeft(String words) throws IOException {
        ip("-n " + left + " " + words);
    }

    /** Runs {@code ip -n RIGHT} with these words. */
    public void ipRight(String words) throws IOException {
        ip("-n " + right + " " + words);
    }

    /** Has what either end sends treated so (tc-netem(8)), or ends the test if that cannot be. */
    public void impair(String how) throws IOException {
        for (String namespace : List.of(left, right)) {
            String said = run("tc -n " + namespace + " qdisc replace dev cable root netem " + how);
            assumeTrue(said.isEmpty(), "this kernel has no netem: " + said);
        }
    }

    /** Makes the cable slow, with a queue before it (tc-tbf(8)), or ends the test. */
    public void slowDown(String how) throws IOException {
        for (String namespace : List.of(left, right)) {
            String said = run("tc -n " + namespace + " qdisc replace dev cable root tbf " + how);
            assumeTrue(said.isEmpty(), "this kernel has no tbf: " + said);
        }
    }

    /** Ends the test if no packets can be lost here. */
    public static void assumeLoss() throws IOException {
        String said = run("nft list ruleset");
        assumeTrue(!said.contains("rror"), "needs nft and a kernel with it: " + said);
    }

    /** Loses so many of a hundred packets that come in at either end; none if that is 0. */
    public void lose(int percent) throws IOException {
        for (String namespace : List.of(left, right)) {
            nft(namespace, "flush ruleset");
            nft(namespace, "add table inet test");
            nft(namespace, "add chain inet test in { type filter hook input priority 0 ; }");
            String which = percent == 100 ? "" : "numgen random mod 100 < " + percent + " ";
            if (percent > 0) {
                nft(namespace, "add rule inet test in " + which + "drop");
            }
        }
    }

    private static void nft(String namespace, String words) throws IOException {
        String said = run("ip netns exec " + namespace + " nft " + words);
        if (!said.isEmpty()) {
            throw new IOException("nft " + words + ": " + said);
        }
    }

    private static void ip(String words) throws IOException {
        String said = run("ip " + words);
        if (!said.isEmpty()) {
            throw new IOException("ip " + words + ": " + said);
        }
    }

    /** Runs a program to its end: what it says. */
    private static String run(String command) throws IOException {
        try {
            Process process =
                    new ProcessBuilder(command.split(" ")).redirectErrorStream(true).start();
            process.getOutputStream().close();
            return new String(process.getInputStream().readAllBytes()).strip();
        } catch (IOException e) {
            return abort("needs iproute2 and nftables: " + e.getMessage());
        }
    }

    /** Runs {@code body} on a thread that is on the left; what it opens is there. */
    public void onLeft(Action<? extends Exception> body) throws Exception {
        on(left, body).join();
    }

    /** Runs {@code body} on a thread that is on the right. */
    public Running onRight(Action<? extends Exception> body) {
        return on(right, body);
    }

    /** Something that runs in a namespace. */
    public record Running(Thread thread, AtomicReference<Throwable> failure) {
        /** Waits for its end, and throws what it threw. */
        public void join() throws Exception {
            thread.join();
            switch (failure.get()) {
                case null -> {}
                case Exception e -> throw e;
                case Error e -> throw e;
                case Throwable t -> throw new AssertionError(t);
            }
        }
    }

    private static Running on(String namespace, Action<? extends Exception> body) {
        var failure = new AtomicReference<Throwable>();
        Thread thread =
                Thread.ofPlatform()
                        .name(namespace)
                        .start(() -> {
                            try {
                                enter(namespace);
                                body.run();
                            } catch (Throwable t) {
                                failure.set(t);
                            }
                        });
        return new Running(thread, failure);
    }

    private static void enter(String namespace) throws Throwable {
        int number = Standard.open(NAMESPACES.resolve(namespace).toString(), Fcntl.O_RDONLY);
        int result = (int) SETNS.invokeExact(number, CLONE_NEWNET);
        Standard.close(number);
        assumeTrue(result == 0, "setns(2) is not allowed");
    }

    private static void removeLeftBehind() throws IOException {
        if (!Files.isDirectory(NAMESPACES)) {
            return;
        }
        try (Stream<Path> all = Files.list(NAMESPACES)) {
            for (Path path : all.toList()) {
                String name = path.getFileName().toString();
                if (name.startsWith(PREFIX)) {
                    long pid = Long.parseLong(name.split("-")[1]);
                    if (ProcessHandle.of(pid).isEmpty()) {
                        run("ip netns del " + name);
                    }
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (String namespace : List.of(left, right)) {
            if (Files.exists(NAMESPACES.resolve(namespace))) {
                run("ip netns del " + namespace);
            }
        }
    }
}
