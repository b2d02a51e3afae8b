package dev.volokno.cares;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** A real name server, of the zone {@code test}; it does not outlive its test. */
public final class Dnsmasq implements AutoCloseable {
    private final Process process;
    private final InetSocketAddress address;

    private Dnsmasq(Process process, InetSocketAddress address) {
        this.process = process;
        this.address = address;
    }

    /** Starts one that knows what {@code options} say of dnsmasq(8), and nothing else. */
    public static Dnsmasq start(String... options) throws IOException {
        InetSocketAddress free = freeAddress();
        var command =
                new ArrayList<>(
                        List.of(
                                ("dnsmasq --keep-in-foreground --conf-file=/dev/null --pid-file="
                                                + " --user= --no-resolv --no-hosts --local=/test/"
                                                + " --log-facility=- --bind-interfaces"
                                                + " --listen-address=127.0.0.1 --port="
                                                + free.getPort())
                                        .split(" ")));
        command.addAll(List.of(options));
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            return abort("needs dnsmasq-base: " + e.getMessage());
        }
        awaitStart(process);
        return new Dnsmasq(process, free);
    }

    private static void awaitStart(Process process) throws IOException {
        var said = new ArrayList<String>();
        BufferedReader output = process.inputReader();
        while (said.isEmpty() || !said.getLast().contains("started")) {
            String line = output.readLine();
            if (line == null) {
                throw new AssertionError("dnsmasq has ended: " + said);
            }
            said.add(line);
        }
        // It says no more than a pipe holds.
    }

    /** An address that nobody has, for UDP and TCP. */
    static InetSocketAddress freeAddress() throws IOException {
        var loopback = InetAddress.ofLiteral("127.0.0.1");
        while (true) {
            try (var udp = new DatagramSocket(new InetSocketAddress(loopback, 0));
                    var tcp = new ServerSocket()) {
                var address = new InetSocketAddress(loopback, udp.getLocalPort());
                tcp.bind(address);
                return address;
            } catch (java.net.BindException taken) {
                // Another one, then.
                continue;
            }
        }
    }

    public InetSocketAddress address() {
        return address;
    }

    CaresOptions options() {
        return CaresOptions.defaults().withServers(address).withoutHostsFile().withDomains();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
