package dev.volokno.cares;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.fiber.Fiber;
import dev.volokno.loop.Loop;
import dev.volokno.net.LookupException;
import dev.volokno.net.TcpListener;
import dev.volokno.net.TcpSocket;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real server knows is found. */
class CaresResolverTest {
    private static final String LONG = "x".repeat(200);

    @TempDir private static Path folder;
    private static Dnsmasq server;

    @BeforeAll
    static void startServer() throws Exception {
        var hosts = new ArrayList<String>();
        for (int i = 1; i <= 100; i++) {
            hosts.add("192.0.2." + i + " hundred.test");
        }
        server =
                Dnsmasq.start(
                        "--local=/sub/",
                        "--host-record=both.test,192.0.2.1,2001:db8::1",
                        "--host-record=four.test,192.0.2.4",
                        "--host-record=deep.sub.test,192.0.2.5",
                        "--host-record=local.test,127.0.0.1",
                        "--cname=alias.test,four.test",
                        "--addn-hosts=" + Files.write(folder.resolve("hosts"), hosts),
                        "--address=/many.test/192.0.2.9",
                        "--srv-host=_mqtt._tcp.test,late.test,1884,20,0",
                        "--srv-host=_mqtt._tcp.test,one.test,1883,10,50",
                        "--srv-host=_mqtt._tcp.test,two.test,1885,10,50",
                        "--txt-record=words.test,first,second",
                        "--txt-record=words.test,alone",
                        "--txt-record=long.test," + String.join(",", LONG, LONG, LONG, LONG));
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    private static InetAddress address(String numbers) {
        return InetAddress.ofLiteral(numbers);
    }

    @EachConfiguration
    void theAddressesOfEitherFamilyAreFoundAndKnowTheirName(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (var resolver = CaresResolver.open(server.options())) {
                assertThat(resolver.resolve("both.test"))
                        .containsExactlyInAnyOrder(address("192.0.2.1"), address("2001:db8::1"))
                        .allMatch(one -> one.getHostName().equals("both.test"));
                assertThat(resolver.resolve("both.test", StandardProtocolFamily.INET))
                        .containsExactly(address("192.0.2.1"));
                assertThat(resolver.resolve("both.test", StandardProtocolFamily.INET6))
                        .containsExactly(address("2001:db8::1"));
                assertThat(resolver.resolve("alias.test")).containsExactly(address("192.0.2.4"));
            }
        });
    }

    @EachConfiguration
    void anAddressHasItsName(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var resolver = CaresResolver.open(server.options())) {
                assertThat(resolver.nameOf(address("192.0.2.4"))).isEqualTo("four.test");
                assertThat(resolver.nameOf(address("2001:db8::1"))).isEqualTo("both.test");
                assertThatThrownBy(() -> resolver.nameOf(address("127.9.9.9")))
                        .isInstanceOf(UnknownHostException.class)
                        .hasMessageContaining("127.9.9.9: ARES_E");
            }
        });
    }

    @EachConfiguration
    void theServersOfAServiceComeByPriority(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var resolver = CaresResolver.open(server.options())) {
                List<ServiceRecord> services = resolver.services("_mqtt._tcp.test");
                assertThat(services)
                        .containsExactlyInAnyOrder(
                                new ServiceRecord("one.test", 1883, 10, 50),
                                new ServiceRecord("two.test", 1885, 10, 50),
                                new ServiceRecord("late.test", 1884, 20, 0));
                assertThat(services.getLast().host()).isEqualTo("late.test");
            }
        });
    }

    @EachConfiguration
    void theStringsOfOneTextArePutTogether(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var resolver = CaresResolver.open(server.options())) {
                assertThat(resolver.texts("words.test"))
                        .containsExactlyInAnyOrder("firstsecond", "alone");
            }
        });
    }

    @EachConfiguration
    void whatDoesNotFitIntoADatagramComesByTcp(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var resolver = CaresResolver.open(server.options())) {
                assertThat(resolver.texts("long.test")).containsExactly(LONG.repeat(4));
                assertThat(resolver.resolve("hundred.test")).hasSize(100);
            }
        });
    }

    @EachConfiguration
    void domainsAreAppendedToNamesWithFewDots(Configuration configuration) throws Exception {
        configuration.run(() -> {
            CaresOptions options = server.options().withDomains("none.test", "test");
            try (var resolver = CaresResolver.open(options)) {
                assertThat(resolver.resolve("four")).containsExactly(address("192.0.2.4"));
                assertThat(resolver.resolve("deep.sub")).containsExactly(address("192.0.2.5"));
                assertThat(resolver.texts("words")).hasSize(2);
                assertThatThrownBy(() -> resolver.resolve("four."))
                        .isInstanceOf(UnknownHostException.class);
            }
        });
    }

    @EachConfiguration
    void domainsAndServersMayComeFromAFile(Configuration configuration) throws Exception {
        Path file = Files.writeString(folder.resolve("resolv.conf"), "search none.test test\n");
        configuration.run(() -> {
            CaresOptions options =
                    CaresOptions.defaults().withResolvConf(file).withServers(server.address());
            try (var resolver = CaresResolver.open(options)) {
                assertThat(resolver.resolve("four")).containsExactly(address("192.0.2.4"));
            }
        });
    }

    @EachConfiguration
    void whatIsNotThereIsToldApart(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var resolver = CaresResolver.open(server.options())) {
                assertThatThrownBy(() -> resolver.resolve("missing.test"))
                        .isInstanceOfSatisfying(
                                LookupException.class,
                                e -> {
                                    assertThat(e.code()).isEqualTo("ARES_ENOTFOUND");
                                    assertThat(e.isTemporary()).isFalse();
                                })
                        .hasMessageStartingWith("missing.test: ARES_ENOTFOUND (")
                        .hasStackTraceContaining("CaresResolverTest");
                assertThatThrownBy(
                                () -> resolver.resolve("four.test", StandardProtocolFamily.INET6))
                        .isInstanceOfSatisfying(
                                LookupException.class,
                                e -> assertThat(e.code()).isEqualTo("ARES_ENODATA"));
                assertThatThrownBy(() -> resolver.texts("four.test"))
                        .hasMessageStartingWith("four.test: ARES_ENODATA");
                assertThatThrownBy(() -> resolver.services("missing.test"))
                        .hasMessageStartingWith("missing.test: ARES_ENOTFOUND");
            }
        });
    }

    @EachConfiguration
    void aNameThatCannotBeIsRefusedWithoutAQuestion(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var resolver = CaresResolver.open(server.options())) {
                for (String name : List.of("x".repeat(64) + ".test", "a..test")) {
                    assertThatThrownBy(() -> resolver.resolve(name))
                            .isInstanceOf(UnknownHostException.class)
                            .hasMessageContaining(name);
                }
                assertThatThrownBy(() -> resolver.resolve("a\0b"))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        });
    }

    @EachConfiguration
    void numbersAreNotLookedUp(Configuration configuration) throws Exception {
        configuration.run(() -> {
            CaresOptions nowhere = server.options().withServers(Dnsmasq.freeAddress());
            try (var resolver = CaresResolver.open(nowhere)) {
                assertThat(resolver.resolve("192.0.2.7")).containsExactly(address("192.0.2.7"));
                assertThat(resolver.resolve("[::1]", StandardProtocolFamily.INET6))
                        .containsExactly(address("::1"));
                assertThatThrownBy(() -> resolver.resolve("::1", StandardProtocolFamily.INET))
                        .isInstanceOf(UnknownHostException.class);
            }
        });
    }

    @EachConfiguration
    void theHostsFileCounts(Configuration configuration) throws Exception {
        configuration.run(() -> {
            CaresOptions options = CaresOptions.defaults().withServers(Dnsmasq.freeAddress());
            try (var resolver = CaresResolver.open(options)) {
                assertThat(resolver.resolve("localhost")).contains(address("127.0.0.1"));
                assertThat(resolver.nameOf(address("127.0.0.1"))).contains("localhost");
            }
        });
    }

    @EachConfiguration
    void manyAtOnceAreAllServed(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var resolver = CaresResolver.open(server.options())) {
                var fibers =
                        IntStream.range(0, 500)
                                .mapToObj(i ->
                                        Fiber.start(() -> resolver.resolve("n" + i + ".many.test")))
                                .toList();
                for (var fiber : fibers) {
                    assertThat(fiber.join()).containsExactly(address("192.0.2.9"));
                }
            }
        });
    }

    @EachConfiguration
    void othersLoopsAndThreadsMayAsk(Configuration configuration) throws Exception {
        try (var owner = Loop.start(configuration.options())) {
            var resolver = owner.submit(() -> CaresResolver.open(server.options())).join();
            assertThat(resolver.resolve("four.test")).containsExactly(address("192.0.2.4"));
            configuration.run(() ->
                    assertThat(resolver.resolve("four.test"))
                            .containsExactly(address("192.0.2.4")));
            resolver.close();
        }
    }

    @EachConfiguration
    void aConnectionTakesTheFirstAddressThatAnswers(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var resolver = CaresResolver.open(server.options());
                    var listener =
                            TcpListener.bind(new InetSocketAddress(address("127.0.0.1"), 0))) {
                int port = listener.localAddress().getPort();
                try (var socket = TcpSocket.connect("local.test", port, resolver)) {
                    assertThat(socket.remoteAddress().getPort()).isEqualTo(port);
                }
            }
        });
    }

    @Test
    void whereNoLoopRunsNoneIsOpened() {
        assertThatThrownBy(CaresResolver::open)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no loop runs");
    }
}
