/**
 * Fetches web pages by libcurl, all at once: {@code Fetch URL...}.
 *
 * <p>Tells each one's status, length and time. Needs libcurl.so.4 (libcurl4).
 */
import module dev.volokno;
import module dev.volokno.curl;

void main(String[] args) throws Exception {
    if (args.length == 0) {
        System.err.println("usage: Fetch URL...");
        System.exit(2);
    }
    try {
        var requests =
                Arrays.stream(args).map(url -> CurlRequest.get(url).withRedirects(5)).toList();
        Loop.run(() -> fetch(requests));
    } catch (IllegalArgumentException | IOException e) {
        System.err.println("Fetch: " + e.getMessage());
        System.exit(e instanceof IOException ? 1 : 2);
    }
}

void fetch(List<CurlRequest> requests) throws Exception {
    try (var client = CurlClient.open()) {
        Scope.run(scope -> {
            for (var request : requests) {
                scope.fork(() -> fetch(client, request));
            }
            return true;
        });
    }
}

void fetch(CurlClient client, CurlRequest request) throws IOException {
    long begin = System.nanoTime();
    try (var response = client.send(request)) {
        var buffer = ByteBuffer.allocate(65_536);
        long length = 0;
        for (int n = response.read(buffer); n >= 0; n = response.read(buffer.clear())) {
            length += n;
        }
        long millis = (System.nanoTime() - begin) / 1_000_000;
        IO.println(response + ", " + length + " bytes, " + millis + " ms");
    }
}
