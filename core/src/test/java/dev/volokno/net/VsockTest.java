package dev.volokno.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.volokno.SystemCallException;
import dev.volokno.backend.ConnectOperation;
import dev.volokno.descriptor.Kind;
import dev.volokno.fiber.Fiber;
import dev.volokno.linux.SysSocket;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.Waiting;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** Between machines; within this one where the kernel has vsock_loopback. */
class VsockTest {
    private static final int SIZE = 1_000_000;

    private static VsockListener listen() throws IOException {
        try {
            return VsockListener.bind(VsockAddress.here(VsockAddress.ANY_PORT));
        } catch (SystemCallException e) {
            return abort("this kernel has no vsock: " + e.getMessage());
        }
    }

    private static VsockAddress withinThisMachine(VsockListener listener) throws IOException {
        try {
            VsockListener.bind(new VsockAddress(VsockAddress.LOCAL, VsockAddress.ANY_PORT)).close();
        } catch (BindException e) {
            assertThat(e).hasMessageContaining("EADDRNOTAVAIL");
            return abort("this kernel has no vsock_loopback: " + e.getMessage());
        }
        return new VsockAddress(VsockAddress.LOCAL, listener.localAddress().port());
    }

    @EachConfiguration
    void aListenerGetsAPortThatNobodyElseCanHave(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var listener = listen()) {
                VsockAddress local = listener.localAddress();
                assertThat(local.cid()).isEqualTo(VsockAddress.ANY_CID);
                assertThat(local.port()).isNotEqualTo(VsockAddress.ANY_PORT);
                assertThatThrownBy(() -> VsockListener.bind(local))
                        .isInstanceOf(BindException.class)
                        .hasMessageContaining("EADDRINUSE");
            }
        });
    }

    @EachConfiguration
    void anAcceptParksAndIsCancelled(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var listener = listen()) {
                var accepter = Waiting.untilParked(Fiber.start(() -> listener.accept()));
                accepter.cancel();
                assertThatThrownBy(accepter::join).isInstanceOf(CancellationException.class);
                assertThat(listener.fd().isOpen()).isTrue();
            }
        });
    }

    @EachConfiguration
    void aListenerIsReleasedAndAdoptedAndAnythingElseIsRefused(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (var tcp = TcpListener.bind(TcpPair.anyPort())) {
                var listener = listen();
                VsockAddress local = listener.localAddress();
                int number = listener.fd().release();
                assertThatThrownBy(() -> VsockSocket.adopt(number))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("family 40");
                int other = tcp.fd().use(n -> n);
                assertThatThrownBy(() -> VsockListener.adopt(other))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("family 2");
                try (var again = VsockListener.adopt(number)) {
                    assertThat(again.localAddress()).isEqualTo(local);
                }
            }
        });
    }

    @EachConfiguration
    void bytesGoBothWaysAndEachEndsByItself(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var listener = listen();
                    var client = VsockSocket.connect(withinThisMachine(listener));
                    var server = listener.accept()) {
                assertThat(server.remoteAddress().port()).isEqualTo(client.localAddress().port());
                var writer =
                        Fiber.start(() -> {
                            client.write(ByteBuffer.wrap(Bytes.pattern(SIZE)));
                            client.shutdownOutput();
                        });
                assertThat(server.inputStream().readAllBytes()).isEqualTo(Bytes.pattern(SIZE));
                writer.join();
                server.write(Bytes.of("answer"));
                server.shutdownOutput();
                assertThat(client.inputStream().readAllBytes()).asString().isEqualTo("answer");
            }
        });
    }

    @EachConfiguration
    void whereNobodyListensIsARefusal(Configuration configuration) throws Exception {
        configuration.run(() -> {
            VsockAddress nobody;
            try (var listener = listen()) {
                nobody = withinThisMachine(listener);
            }
            assertThatThrownBy(() -> VsockSocket.connect(nobody))
                    .isInstanceOf(ConnectException.class);
        });
    }

    @EachConfiguration
    void aFailureThatTheKernelTellsOnceIsTold(Configuration configuration) throws Exception {
        configuration.run(() -> {
            InetSocketAddress nobody;
            try (var listener = TcpListener.bind(TcpPair.anyPort())) {
                nobody = listener.localAddress();
                connectAsking(nobody);
            }
            // Whoever asked connect(2) after SO_ERROR had told it would find ECONNABORTED.
            assertThatThrownBy(() -> connectAsking(nobody)).hasMessageContaining("ECONNREFUSED");
        });
    }

    private static void connectAsking(InetSocketAddress remote) throws IOException {
        int family = SocketAddresses.familyOf(remote);
        try (var fd = Sockets.open(SocketType.stream(family), Kind.SOCKET, "asking")) {
            var address = SocketAddresses.encode(remote, family);
            var descriptor = fd.descriptor();
            descriptor.performAlone(ConnectOperation.asking(descriptor.handle(), address));
        }
    }

    @Test
    void anAddressIsWrittenAsTheKernelHasIt() {
        var address = new VsockAddress(3, -2);
        var sockaddr = address.encode();
        assertThat(sockaddr.toArray(ValueLayout.JAVA_BYTE))
                .containsExactly(
                        SysSocket.AF_VSOCK, 0, 0, 0, -2, -1, -1, -1, 3, 0, 0, 0, 0, 0, 0, 0);
        assertThat(VsockAddress.decode(sockaddr.address())).isEqualTo(address);
        assertThat(address).hasToString("3:4294967294");
        assertThat(VsockAddress.here(VsockAddress.ANY_PORT)).hasToString("any:any");
    }
}
