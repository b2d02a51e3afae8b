package dev.volokno.curl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;

/** Heads that are odd, and responses all the same. */
class CurlHeadTest {
    private interface Check {
        void check(CurlResponse response);
    }

    /** Sends each of {@code heads} to a request of one connection, and checks what came of it. */
    private static void answered(Configuration configuration, Check check, String... heads)
            throws Exception {
        FakeServer.Behaviour behaviour =
                socket -> {
                    for (int i = 0; FakeServer.readHead(socket) && i < heads.length; i++) {
                        FakeServer.say(socket, heads[i] + "\r\nContent-Length: 2\r\n\r\nok");
                    }
                };
        try (var server = FakeServer.start(behaviour)) {
            configuration.run(() -> {
                var request = CurlRequest.get(server.url()).withRedirects(2);
                try (var client = CurlClient.open(CurlOptions.defaults().withoutProxy());
                        var response = client.send(request)) {
                    check.check(response);
                    assertThat(response.text(100)).isEqualTo("ok");
                }
            });
        }
    }

    @EachConfiguration
    void whatFollowsTheStatusMayHaveAColon(Configuration configuration) throws Exception {
        answered(
                configuration,
                response -> assertThat(response.status()).isEqualTo(404),
                "HTTP/1.1 404 not found: /x");
    }

    @EachConfiguration
    void aRedirectToNowhereIsTheResponse(Configuration configuration) throws Exception {
        answered(
                configuration,
                response -> assertThat(response.status()).isEqualTo(302),
                "HTTP/1.1 302 Found\r\nLocation: ");
    }

    @EachConfiguration
    void anAddressThatIsNoUriIsEscaped(Configuration configuration) throws Exception {
        answered(
                configuration,
                response ->
                        assertThat(response.uri().getRawPath())
                                .isEqualTo("/a%7Cb%7Bc%7D%5Ed%60e%25zz%41"),
                "HTTP/1.1 302 Found\r\nLocation: /a|b{c}^d`e%zz%41",
                "HTTP/1.1 200 OK");
    }
}
