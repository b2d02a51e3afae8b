package dev.volokno.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.CancelledException;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResolverTest {
    /** Longer than a label may be: refused before any server is asked. */
    private static final String IMPOSSIBLE = "x".repeat(64) + ".invalid";

    private static InetAddress address(String numbers) {
        return InetAddress.ofLiteral(numbers);
    }

    @EachConfiguration
    void whatTheHostsFileSaysIsFoundAndKnowsItsName(Configuration configuration) throws Exception {
        configuration.run(() -> {
            List<InetAddress> found = Resolver.system().resolve("localhost");
            assertThat(found).contains(address("127.0.0.1")).doesNotHaveDuplicates();
            assertThat(found).allMatch(one -> one.getHostName().equals("localhost"));
            assertThat(Resolver.system().resolve("localhost", StandardProtocolFamily.INET))
                    .containsExactly(address("127.0.0.1"));
        });
    }

    @EachConfiguration
    void anAddressHasItsNameIfThatIsAskedFor(Configuration configuration) throws Exception {
        configuration.run(() ->
                assertThat(Resolver.system().nameOf(address("127.0.0.1"))).contains("localhost"));
    }

    @EachConfiguration
    void aNameThatCannotBeIsNotFoundAndTheErrorSaysWhich(Configuration configuration)
            throws Exception {
        configuration.run(() ->
                assertThatThrownBy(() -> Resolver.system().resolve(IMPOSSIBLE))
                        .isInstanceOfSatisfying(
                                LookupException.class,
                                e -> {
                                    assertThat(e.code()).isEqualTo("EAI_NONAME");
                                    assertThat(e.isTemporary()).isFalse();
                                })
                        .isInstanceOf(UnknownHostException.class)
                        .hasMessageStartingWith(IMPOSSIBLE + ": EAI_NONAME"));
    }

    @Test
    void numbersAreLookedUpWithoutLeavingTheLoop() throws Exception {
        for (Configuration configuration : List.of(Configuration.IO_URING, Configuration.EPOLL)) {
            configuration.run(() -> {
                var others = new AtomicBoolean();
                Fiber.start(() -> others.set(true));
                assertThat(Resolver.system().resolve("192.0.2.7"))
                        .containsExactly(address("192.0.2.7"));
                assertThat(Resolver.system().resolve("2001:db8::7"))
                        .containsExactly(address("2001:db8::7"));
                assertThat(others).as("whether another fiber had its turn meanwhile").isFalse();
            });
        }
    }

    @Test
    void numbersKeepTheirScope() {
        var local = (Inet6Address) Resolver.numeric("fe80::1%1").orElseThrow();
        assertThat(local.getScopeId()).isEqualTo(1);
        assertThat(Resolver.numeric("[::1]")).hasValue(address("::1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost", "1.2.3.4.5", "1.2.3.4.example", "::1::", "a:b", "[]"})
    void whatIsNoNumberIsAName(String name) {
        assertThat(Resolver.numeric(name)).isEmpty();
    }

    @EachConfiguration
    void aNumberOfTheOtherFamilyIsNotFound(Configuration configuration) throws Exception {
        configuration.run(() ->
                assertThatThrownBy(() ->
                                Resolver.system()
                                        .resolve("127.0.0.1", StandardProtocolFamily.INET6))
                        .isInstanceOf(UnknownHostException.class));
    }

    @EachConfiguration
    void whoIsCancelledLooksNothingUp(Configuration configuration) throws Exception {
        configuration.run(() -> {
            for (String name : new String[] {"localhost", "127.0.0.1"}) {
                var fiber =
                        Fiber.start(() -> {
                            Fiber.yield();
                            return Resolver.system().resolve(name);
                        });
                fiber.cancel();
                assertThatThrownBy(fiber::join)
                        .isInstanceOf(CancellationException.class)
                        .hasCauseInstanceOf(CancelledException.class);
            }
        });
    }

    @EachConfiguration
    void manyAtOnceAreAllServed(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var fibers =
                    IntStream.range(0, 200)
                            .mapToObj(
                                    _ -> Fiber.start(() -> Resolver.system().resolve("localhost")))
                            .toList();
            for (var fiber : fibers) {
                assertThat(fiber.join()).contains(address("127.0.0.1"));
            }
        });
    }

    @Test
    void aResolverMayBeWrittenInALine() throws Exception {
        Resolver mine = name -> List.of(address("192.0.2.1"), address("2001:db8::1"));
        assertThat(mine.resolve("any", StandardProtocolFamily.INET6))
                .containsExactly(address("2001:db8::1"));
        assertThatThrownBy(() -> mine.nameOf(address("192.0.2.1")))
                .isInstanceOf(UnsupportedOperationException.class);
    }
}
