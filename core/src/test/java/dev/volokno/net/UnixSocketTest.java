package dev.volokno.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.SystemCallException;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachLoop;
import dev.volokno.support.TestLibc;
import dev.volokno.support.Waiting;
import java.net.BindException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where UNIX sockets are, and who is at their other end. */
class UnixSocketTest {
    @TempDir Path directory;

    private Path socket() {
        return directory.resolve("socket");
    }

    private static void assertConnects(UnixListener listener, UnixAddress address)
            throws Exception {
        try (var client = UnixSocket.connect(address);
                var server = listener.accept()) {
            assertThat(client.remoteAddress()).isEqualTo(address);
            client.write(Bytes.of("hello"));
            assertThat(Bytes.read(server)).isEqualTo("hello");
        }
    }

    @EachLoop
    void aPathIsMadeForThisUserAloneAndRemovedAfterwards(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (var listener = UnixListener.bind(socket())) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())))
                        .isEqualTo("rw-------");
                assertConnects(listener, UnixAddress.of(socket()));
            }
            assertThat(socket()).doesNotExist();
            try (var open = UnixListener.bind(UnixAddress.of(socket()), 0751)) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())))
                        .isEqualTo("rwxr-x--x");
                assertThat(open.localAddress().path()).isEqualTo(socket());
            }
        });
    }

    @EachLoop
    void abstractNamesAreNoFilesAndTheKernelChoosesThemToo(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            var named = UnixAddress.ofAbstract("volokno test " + ProcessHandle.current().pid());
            try (var listener = UnixListener.bind(named)) {
                assertConnects(listener, named);
                assertThat(named.toString()).startsWith("@volokno test");
            }
            try (var listener = UnixListener.bind(UnixAddress.unnamed())) {
                assertThat(listener.localAddress().isAbstract()).isTrue();
                assertConnects(listener, listener.localAddress());
            }
        });
    }

    @EachLoop
    void aStaleSocketIsReplacedAndOneInUseIsNot(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var address = UnixAddress.of(socket());
            var stale = UnixListener.bind(address);
            // Whoever was killed has left its file.
            stale.fd().close();
            assertThat(socket()).exists();
            assertThatThrownBy(() -> UnixSocket.connect(address))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("ECONNREFUSED");
            try (var listener = UnixListener.bind(address)) {
                assertThatThrownBy(() -> UnixListener.bind(address))
                        .isInstanceOf(BindException.class)
                        .hasMessageContaining("EADDRINUSE");
                // The other's probe was a connection, too.
                listener.accept().close();
                assertConnects(listener, address);
            }
        });
    }

    @EachLoop
    void aFileThatIsThereStaysAndIsNoListener(Configuration configuration) throws Exception {
        configuration.run(() -> {
            Files.writeString(socket(), "precious");
            var address = UnixAddress.of(socket());
            assertThatThrownBy(() -> UnixListener.bind(address)).isInstanceOf(BindException.class);
            assertThatThrownBy(() -> UnixSocket.connect(address))
                    .isInstanceOf(ConnectException.class);
            assertThat(socket()).hasContent("precious");
            Files.delete(socket());
            assertThatThrownBy(() -> UnixSocket.connect(address))
                    .isInstanceOf(NoSuchFileException.class);
        });
    }

    @EachLoop
    void closingRemovesNoFileOfAnother(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var listener = UnixListener.bind(socket());
            Files.move(socket(), directory.resolve("elsewhere"));
            try (var next = UnixListener.bind(socket())) {
                listener.close();
                assertConnects(next, UnixAddress.of(socket()));
            }
        });
    }

    @Test
    void whatIsTooLongIsRefusedWithItsLength() {
        Path fits = Path.of("/" + "x".repeat(106));
        assertThat(UnixAddress.of(fits).path()).isEqualTo(fits);
        Path tooLong = Path.of("/" + "x".repeat(107));
        assertThatThrownBy(() -> UnixAddress.of(tooLong))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("108");
        String name = "x".repeat(108);
        assertThatThrownBy(() -> UnixAddress.ofAbstract(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("108");
    }

    @EachLoop
    void aSharedPortIsRefusedAsTheKernelSays(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var listener = UnixListener.bind(socket())) {
                try {
                    listener.set(NetOption.REUSE_PORT, true);
                } catch (SystemCallException e) {
                    assertThat(e.errno()).isEqualTo("EOPNOTSUPP");
                }
                assertThatThrownBy(() -> UnixListener.bind(socket()))
                        .isInstanceOf(BindException.class);
            }
        });
    }

    @EachLoop
    void theKernelTellsWhoIsAtTheOtherEnd(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var listener = UnixListener.bind(socket());
                    var client = UnixSocket.connect(socket());
                    var server = listener.accept()) {
                long pid = ProcessHandle.current().pid();
                for (UnixSocket end : List.of(client, server)) {
                    PeerCredentials peer = end.peerCredentials();
                    assertThat(peer.pid()).isEqualTo((int) pid);
                    assertThat(peer.uid()).isEqualTo(Files.getAttribute(directory, "unix:uid"));
                }
                var process = server.peerProcess();
                if (process.isPresent()) {
                    assertThat(process.get().isOpen()).isTrue();
                    process.get().close();
                }
            }
        });
    }

    @EachLoop
    void aFullQueueIsWaitedFor(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var listener = UnixListener.bind(socket())) {
                listener.fd().use(TestLibc::smallestBacklog);
                var clients = new ArrayList<Fiber<UnixSocket>>();
                for (int i = 0; i < 5; i++) {
                    clients.add(Fiber.start(() -> UnixSocket.connect(socket())));
                }
                Waiting.awaitParked(clients.toArray(Fiber<?>[]::new));
                for (var client : clients) {
                    listener.accept().close();
                }
                for (var client : clients) {
                    client.join().close();
                }
            }
        });
    }

    @EachLoop
    void aConnectionIsReleasedAndAdopted(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var pair = UnixSocket.pair()) {
                int number = pair.first().release();
                try (var again = UnixSocket.adopt(number)) {
                    again.write(Bytes.of("adopted"));
                    assertThat(Bytes.read(pair.second())).isEqualTo("adopted");
                }
            }
            int tcp = TcpListener.bind(TcpPair.anyPort()).fd().release();
            assertThatThrownBy(() -> UnixSocket.adopt(tcp))
                    .isInstanceOf(IllegalArgumentException.class);
            TcpListener.adopt(tcp).close();
        });
    }
}
