/**
 * Asks name servers by c-ares: {@code Names [@ADDRESS:PORT] NAME...}, all names at once.
 *
 * <p>A name that begins with an underscore is a service. Needs libcares.so.2 (libc-ares2).
 */
import module dev.volokno;
import module dev.volokno.cares;

void main(String[] args) throws Exception {
    var names = Arrays.stream(args).filter(arg -> !arg.startsWith("@")).toList();
    if (names.isEmpty()) {
        System.err.println("usage: Names [@ADDRESS:PORT] NAME...");
        System.exit(2);
    }
    try {
        var options = args[0].startsWith("@") ? asking(args[0]) : CaresOptions.defaults();
        Loop.run(() -> lookUp(names, options));
    } catch (IllegalArgumentException | IOException e) {
        System.err.println("Names: " + e.getMessage());
        System.exit(e instanceof IOException ? 1 : 2);
    }
}

CaresOptions asking(String server) {
    int colon = server.lastIndexOf(':');
    var address = InetAddress.ofLiteral(server.substring(1, Math.max(1, colon)));
    int port = Integer.parseInt(server.substring(colon + 1));
    return CaresOptions.defaults().withServers(new InetSocketAddress(address, port));
}

void lookUp(List<String> names, CaresOptions options) throws Exception {
    try (var resolver = CaresResolver.open(options)) {
        Scope.run(scope -> {
            for (String name : names) {
                scope.fork(() -> IO.println(name + ": " + answer(resolver, name)));
            }
            return true;
        });
    }
}

String answer(CaresResolver resolver, String name) throws IOException {
    try {
        return name.startsWith("_")
                ? resolver.services(name).toString()
                : resolver.resolve(name).stream()
                        .map(InetAddress::getHostAddress)
                        .toList()
                        .toString();
    } catch (LookupException e) {
        return e.code();
    }
}
