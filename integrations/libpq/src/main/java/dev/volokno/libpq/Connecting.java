package dev.volokno.libpq;

import dev.volokno.fiber.Offload;
import dev.volokno.foreign.Driver;
import java.io.IOException;
import java.util.Map;

/** Makes connections. */
final class Connecting {
    private Connecting() {}

    /** Parks. The connection is of no use before {@link Session#connected} says so. */
    static Driver<Session> start(String conninfo, ConnectOptions options, Inbound inbound)
            throws IOException {
        Libpq.load();
        Map<String, String> parameters = Offload.call(() -> parameters(conninfo));
        Hosts.resolve(parameters, options.resolver());
        // It reads files: passwords, services.
        PqConnection connection =
                Offload.call(() -> PqConnection.start(parameters))
                        .orElseThrow(() -> new IOException("libpq is out of memory"));
        boolean begun = false;
        try {
            Driver<Session> driver =
                    Driver.start(
                            name(parameters),
                            (watch, upcalls) -> new Session(connection, inbound, upcalls));
            begun = true;
            return driver;
        } finally {
            if (!begun) {
                connection.finish();
            }
        }
    }

    private static Map<String, String> parameters(String conninfo) {
        Map<String, String> parameters = ConnectionString.parse(conninfo);
        Map<String, String> defaults = ConnectionString.defaults();
        if (!parameters.containsKey("service")) {
            boolean named = parameters.containsKey("host") || parameters.containsKey("hostaddr");
            if (!named) {
                copy("host", defaults, parameters);
                copy("hostaddr", defaults, parameters);
            }
            copy("port", defaults, parameters);
        }
        // Texts are Java's.
        parameters.put("client_encoding", "UTF8");
        // Kerberos' library waits for servers of its own; who wants it says so.
        if (System.getenv("PGGSSENCMODE") == null) {
            parameters.putIfAbsent("gssencmode", "disable");
        }
        return parameters;
    }

    private static void copy(String keyword, Map<String, String> from, Map<String, String> to) {
        String value = from.get(keyword);
        if (value != null) {
            to.putIfAbsent(keyword, value);
        }
    }

    /** Without the password. */
    private static String name(Map<String, String> parameters) {
        String host = parameters.getOrDefault("host", "");
        return "PostgreSQL"
                + (host.isEmpty() ? "" : " at " + host)
                + (parameters.containsKey("dbname") ? "/" + parameters.get("dbname") : "");
    }
}
