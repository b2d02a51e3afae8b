package dev.volokno.curl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.fiber.Fiber;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.net.URI;
import java.util.ArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

@Tag("soak")
@Timeout(120)
class CurlSoakTest {
    private static final int MANY = 10_000;

    @EachConfiguration
    void tenThousandAtOnceAreAllServedAndEveryTenthMayLeave(Configuration configuration)
            throws Exception {
        try (var server = Apache.start()) {
            URI uri = URI.create(server.url("/echo"));
            configuration.run(() -> {
                CurlOptions options =
                        CurlOptions.defaults().withoutProxy().withConnectionsPerHost(50);
                try (var client = CurlClient.open(options)) {
                    var fibers = new ArrayList<Fiber<String>>();
                    for (int i = 0; i < MANY; i++) {
                        CurlRequest request = CurlRequest.of("POST", uri).withBody("" + i);
                        fibers.add(
                                Fiber.start(() -> {
                                    try (var response = client.send(request)) {
                                        return response.text(100);
                                    }
                                }));
                    }
                    fibers.getFirst().join();
                    for (int i = 10; i < MANY; i += 10) {
                        fibers.get(i).cancel();
                    }
                    for (int i = 0; i < MANY; i++) {
                        if (i == 0 || i % 10 != 0) {
                            assertThat(fibers.get(i).join()).isEqualTo("" + i);
                        }
                    }
                }
            });
        }
    }
}
