package dev.volokno.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.volokno.support.ChildJava;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A name server of the test's own, in a network and with a resolv.conf that are its alone. */
@Timeout(60)
class NameServerTest {
    private static final String PROGRAM =
            """
            import dev.volokno.*;
            import dev.volokno.fiber.*;
            import dev.volokno.loop.*;
            import dev.volokno.net.*;
            import java.net.*;
            import java.nio.*;
            import java.time.Duration;
            import java.util.*;

            class Program {
                static final InetSocketAddress SERVER =
                        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 53);

                public static void main(String[] arguments) throws Exception {
                    // A thread that was left behind would outlive the loop, which is the point.
                    Loop.run(() -> {
                        switch (arguments[0]) {
                            case "silent" -> silent();
                            case "answers" -> answers();
                            case "exhausted" -> exhausted();
                            case "none" -> System.out.println(resolve("name.example"));
                        }
                    });
                    System.out.println("ended");
                    Runtime.getRuntime().halt(0);
                }

                static void exhausted() throws Exception {
                    System.out.println(resolve("localhost"));
                    var open = new ArrayList<dev.volokno.fd.EventFd>();
                    try {
                        while (true) {
                            open.add(dev.volokno.fd.EventFd.open());
                        }
                    } catch (SystemCallException e) {
                        System.out.println(e.errno());
                    }
                    System.out.println(resolve("localhost").startsWith("found"));
                    for (var one : open) {
                        one.close();
                    }
                    System.out.println(resolve("localhost"));
                }

                static String resolve(String name) {
                    try {
                        return "found " + Resolver.system().resolve(name).stream()
                                .map(InetAddress::getHostAddress).toList();
                    } catch (LookupException e) {
                        return e.code() + " temporary " + e.isTemporary();
                    } catch (Exception e) {
                        return e.toString();
                    }
                }

                static void silent() throws Exception {
                    try (var server = UdpSocket.bind(SERVER)) {
                        var waiting = new ArrayList<Fiber<?>>();
                        for (int i = 0; i < 40; i++) {
                            String name = "name" + i + ".example";
                            waiting.add(Fiber.start(() -> Resolver.system().resolve(name)));
                        }
                        try {
                            Deadline.within(
                                    Duration.ofMillis(50),
                                    () -> Resolver.system().resolve("name.example"));
                        } catch (DeadlineException e) {
                            System.out.println("deadline");
                        }
                        // Files and other blocking calls do not wait behind them.
                        System.out.println(Offload.call(() -> "offloaded"));
                        for (var one : waiting) {
                            one.cancel();
                        }
                    }
                }

                static void answers() throws Exception {
                    try (var server = UdpSocket.bind(SERVER);
                            var streams = TcpListener.bind(SERVER)) {
                        Scope.run(scope -> {
                            scope.daemon(() -> serve(server));
                            scope.daemon(() -> serve(streams));
                            System.out.println(resolve("lost.example"));
                            System.out.println(resolve("long.example"));
                            System.out.println(resolve("missing.example"));
                            return true;
                        });
                    }
                }

                static void serve(UdpSocket server) throws Exception {
                    var buffer = ByteBuffer.allocate(1500).order(ByteOrder.BIG_ENDIAN);
                    var lost = new HashSet<String>();
                    while (true) {
                        var question = server.receive(buffer.clear());
                        buffer.flip();
                        String name = name(buffer);
                        if (name.equals("lost") && lost.add(name)) {
                            continue;
                        }
                        server.reply(answer(buffer, name, name.equals("long")), question);
                    }
                }

                static void serve(TcpListener streams) throws Exception {
                    while (true) {
                        try (var client = streams.accept()) {
                            var length = ByteBuffer.allocate(2);
                            client.readFully(length);
                            while (true) {
                                var question = ByteBuffer.allocate(length.getShort(0));
                                client.readFully(question);
                                var answer = answer(question.flip(), "whole", false);
                                var framed = ByteBuffer.allocate(2 + answer.remaining());
                                client.write(framed.putShort((short) answer.remaining())
                                        .put(answer).flip());
                                if (client.read(length.clear()) < 2) {
                                    break;
                                }
                            }
                        }
                    }
                }

                static String name(ByteBuffer question) {
                    var label = new byte[question.get(12)];
                    question.get(13, label);
                    return new String(label);
                }

                /** One address, none, or word that it did not fit. */
                static ByteBuffer answer(ByteBuffer question, String name, boolean cut) {
                    int end = 12;
                    while (question.get(end) != 0) {
                        end += question.get(end) + 1;
                    }
                    end += 5;
                    boolean v4 = question.getShort(end - 4) == 1;
                    boolean missing = name.equals("missing");
                    boolean full = v4 && !cut && !missing;
                    var answer = ByteBuffer.allocate(512);
                    answer.putShort(question.getShort(0))
                            .putShort((short) (0x8180 | (cut ? 0x200 : 0) | (missing ? 3 : 0)))
                            .putShort((short) 1).putShort((short) (full ? 1 : 0))
                            .putInt(0).put(question.slice(12, end - 12));
                    if (full) {
                        answer.putShort((short) 0xc00c).putShort((short) 1).putShort((short) 1)
                                .putInt(1).putShort((short) 4)
                                .put(new byte[] {(byte) 192, 0, 2, 53});
                    }
                    return answer.flip();
                }
            }
            """;

    @TempDir private Path folder;

    /** Runs the program where 127.0.0.1 is the one name server there is. */
    private List<String> run(String what) throws Exception {
        Path configuration =
                Files.writeString(
                        folder.resolve("resolv.conf"),
                        "nameserver 127.0.0.1\noptions timeout:1 attempts:2\n");
        String setUp =
                "mount --bind "
                        + configuration
                        + " /etc/resolv.conf && ip link set lo up && ip address add 192.0.2.1 dev lo"
                        + " && exec \"$@\"";
        var child =
                ChildJava.of(folder, PROGRAM)
                        .opened()
                        .descriptors(64)
                        .under("unshare", "-mn", "sh", "-c", setUp, "sh");
        String output = child.run(what);
        assumeTrue(!output.contains("ermitted"), "namespaces are not allowed: " + output);
        return output.lines().toList();
    }

    @Test
    void aServerThatDoesNotAnswerHoldsNobody() throws Exception {
        assertThat(run("silent")).containsExactly("deadline", "offloaded", "ended");
    }

    @Test
    void anAnswerThatIsLostAndOneThatIsCutShortAreAskedForAgain() throws Exception {
        assertThat(run("answers"))
                .containsExactly(
                        "found [192.0.2.53]",
                        "found [192.0.2.53]",
                        "EAI_NONAME temporary false",
                        "ended");
    }

    @Test
    void withoutADescriptorALookUpSaysSoAndTheNextOneGoes() throws Exception {
        assertThat(run("exhausted"))
                .containsExactly(
                        "found [127.0.0.1]", "EMFILE", "false", "found [127.0.0.1]", "ended");
    }

    @Test
    void withoutAServerThatIsToldAsTemporary() throws Exception {
        assertThat(run("none")).containsExactly("EAI_AGAIN temporary true", "ended");
    }
}
