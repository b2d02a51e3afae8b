package dev.volokno.cares.inetaddress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.cares.Dnsmasq;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The module is there, so the JDK takes it. */
class CaresInetAddressTest {
    private static Dnsmasq server;

    @BeforeAll
    static void startServer() throws Exception {
        server =
                Dnsmasq.start(
                        "--host-record=both.test,192.0.2.1,2001:db8::1",
                        "--host-record=four.test,192.0.2.4",
                        "--address=/many.test/192.0.2.9");
        System.setProperty("volokno.cares.servers", "127.0.0.1:" + server.address().getPort());
        // The loop that is there from now on is none that a test has left behind.
        InetAddress.getByName("first.many.test");
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void namesAreFoundOnAnyThread() throws Exception {
        assertThat(InetAddress.getByName("four.test").getHostAddress()).isEqualTo("192.0.2.4");
        assertThat(InetAddress.getAllByName("both.test"))
                .extracting(InetAddress::getHostAddress)
                .containsExactlyInAnyOrder("192.0.2.1", "2001:db8:0:0:0:0:0:1");
        assertThat(InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 4}).getHostName())
                .isEqualTo("four.test");
        assertThat(InetAddress.getByName("localhost").isLoopbackAddress()).isTrue();
    }

    @Test
    void theOrderOfThePolicyIsKept() throws Exception {
        assertThat(InetAddress.getAllByName("both.test")[0]).isInstanceOf(Inet4Address.class);
    }

    @Test
    void aNameThatIsNotThereIsUnknown() {
        assertThatThrownBy(() -> InetAddress.getByName("missing.test"))
                .isInstanceOf(UnknownHostException.class)
                .hasMessageContaining("missing.test: ARES_ENOTFOUND");
    }

    @EachConfiguration
    void aFiberParksAndHoldsNobody(Configuration configuration) throws Exception {
        configuration.run(() -> {
            String name = configuration.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
            var one = Fiber.start(() -> InetAddress.getByName(name + "1.many.test"));
            var other = Fiber.start(() -> InetAddress.getByName(name + "2.many.test"));
            assertThat(one.join().getHostAddress()).isEqualTo("192.0.2.9");
            assertThat(other.join().getHostAddress()).isEqualTo("192.0.2.9");
        });
    }

    @Test
    void serversAreWrittenInNumbers() {
        assertThat(CaresInetAddressProvider.options("127.0.0.1, [::1]:54,::1,192.0.2.1:55"))
                .hasToString(
                        "[/127.0.0.1:53, /[0:0:0:0:0:0:0:1]:54, /[0:0:0:0:0:0:0:1]:53,"
                                + " /192.0.2.1:55]");
        for (String wrong : new String[] {"name", "127.0.0.1:", "127.0.0.1:x", "1:2:3", ","}) {
            assertThatThrownBy(() -> CaresInetAddressProvider.options(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("volokno.cares.servers: ");
        }
    }
}
