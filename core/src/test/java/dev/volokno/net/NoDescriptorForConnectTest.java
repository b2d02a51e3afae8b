package dev.volokno.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.support.ChildJava;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that would open what it has no descriptor for. */
class NoDescriptorForConnectTest {
    private static final String PROGRAM =
            """
            import dev.volokno.fd.EventFd;
            import dev.volokno.fd.Pipe;
            import dev.volokno.loop.Loop;
            import dev.volokno.loop.LoopOptions;
            import dev.volokno.net.TcpListener;
            import dev.volokno.net.TcpSocket;
            import java.io.Closeable;
            import java.io.IOException;
            import java.net.InetAddress;
            import java.net.InetSocketAddress;
            import java.util.ArrayDeque;

            class Program {
                static final ArrayDeque<Closeable> OPEN = new ArrayDeque<>();

                interface Opening {
                    Closeable make() throws IOException;
                }

                public static void main(String[] arguments) throws Exception {
                    var options = LoopOptions.defaults().withBackend(arguments[0]);
                    Loop.run(options, () -> {
                        var listener = TcpListener.bind(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                        Opening connect = () -> TcpSocket.connect(listener.localAddress());
                        connect.make().close();
                        listener.accept().close();
                        openAll();
                        OPEN.pop().close();
                        report("pipe", () -> Pipe.open());
                        OPEN.push(EventFd.open());
                        report("connect", connect);
                        OPEN.pop().close();
                        report("connect", connect);
                        System.out.println("open then: " + openAll());
                    });
                }

                static void report(String name, Opening opening) {
                    try {
                        opening.make().close();
                        System.out.println(name + " goes");
                    } catch (IOException e) {
                        System.out.println(name + " fails: " + e.getMessage());
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
    @ValueSource(strings = {"io_uring", "epoll"})
    void itSaysSoLeavesNoneBehindAndGoesOn(String backend) throws Exception {
        String output = ChildJava.of(directory, PROGRAM).opened().descriptors(64).run(backend);
        assertThat(output.lines())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("pipe fails").contains("EMFILE"),
                        line -> assertThat(line).startsWith("connect fails").contains("EMFILE"),
                        line -> assertThat(line).isEqualTo("connect goes"),
                        line -> assertThat(line).isEqualTo("open then: 1"));
    }
}
