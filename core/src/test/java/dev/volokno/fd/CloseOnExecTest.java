package dev.volokno.fd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.net.TcpListener;
import dev.volokno.net.TcpSocket;
import dev.volokno.net.UdpSocket;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.TestLibc;
import dev.volokno.tty.Pty;
import dev.volokno.tty.SerialPort;
import dev.volokno.tty.SerialSettings;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What programs that this process starts find open. */
class CloseOnExecTest {
    private static final int F_GETFD = 1;
    private static final int FD_CLOEXEC = 1;
    private static final InetSocketAddress LOCAL =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @EachConfiguration
    void noneOfOurDescriptorsReachesThem(Configuration configuration) throws Exception {
        Set<Integer> before = numbers();
        configuration.run(() -> {
            var open = new ArrayDeque<Closeable>();
            openOneOfEachKind(open);
            Set<Integer> ours = numbers();
            ours.removeAll(before);
            assertThat(ours).hasSizeGreaterThan(open.size());
            assertThat(ours).allMatch(CloseOnExecTest::closedOnExec);
            while (!open.isEmpty()) {
                open.pop().close();
            }
        });
    }

    private static void openOneOfEachKind(ArrayDeque<Closeable> open) throws IOException {
        open.push(Pipe.open());
        open.push(EventFd.open());
        open.push(UdpSocket.bind(LOCAL));
        TcpListener listener = TcpListener.bind(LOCAL);
        open.push(listener);
        open.push(TcpSocket.connect(listener.localAddress()));
        open.push(listener.accept());
        Pty pty = Pty.open();
        open.push(pty);
        open.push(pty.openSlave());
        open.push(SerialPort.open(pty.path(), SerialSettings.of(9_600)));
        open.push(StandardStreams.out());
        for (int number : TestLibc.socketpair()) {
            open.push(Fd.adopt(number));
        }
    }

    private static boolean closedOnExec(int number) {
        return (TestLibc.fcntl(number, F_GETFD, 0) & FD_CLOEXEC) != 0;
    }

    /** All but files, which are the class loader's. */
    private static Set<Integer> numbers() throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc/self/fd"))) {
            return entries.filter(entry -> !isFile(entry))
                    .map(entry -> Integer.valueOf(entry.getFileName().toString()))
                    .collect(Collectors.toSet());
        }
    }

    private static boolean isFile(Path entry) {
        return Files.isRegularFile(entry) || Files.isDirectory(entry);
    }
}
