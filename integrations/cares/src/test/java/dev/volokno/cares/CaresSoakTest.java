package dev.volokno.cares;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.fiber.Fiber;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

@Tag("soak")
@Timeout(120)
class CaresSoakTest {
    private static final int MANY = 10_000;

    @EachConfiguration
    void tenThousandAtOnceAreAllServedAndMostOfThoseThatLeaveAreNotAsked(
            Configuration configuration) throws Exception {
        try (var server = Dnsmasq.start("--address=/many.test/192.0.2.9")) {
            configuration.run(() -> {
                try (var resolver = CaresResolver.open(server.options())) {
                    List<Fiber<List<InetAddress>>> fibers = start(resolver);
                    for (var fiber : fibers) {
                        assertThat(fiber.join().getFirst().getHostAddress()).isEqualTo("192.0.2.9");
                    }
                    List<Fiber<List<InetAddress>>> leaving = start(resolver);
                    leaving.getFirst().join();
                    leaving.forEach(Fiber::cancel);
                    assertThat(resolver.resolve("last.many.test")).hasSize(1);
                }
            });
        }
    }

    private static List<Fiber<List<InetAddress>>> start(CaresResolver resolver) {
        var fibers = new ArrayList<Fiber<List<InetAddress>>>();
        for (int i = 0; i < MANY; i++) {
            String name = "n" + i + ".many.test";
            fibers.add(Fiber.start(() -> resolver.resolve(name)));
        }
        return fibers;
    }
}
