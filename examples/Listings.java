/**
 * Many questions to PostgreSQL at once: {@code Listings CONNINFO [CONNECTIONS]}.
 *
 * <p>CONNINFO is such as {@code postgresql://postgres@localhost/}, or {@code dbname=postgres}. Each
 * connection has a fiber, and all of them share one thread. A notification ends the listener.
 */
import module dev.volokno;
import module dev.volokno.libpq;

void main(String[] args) throws Exception {
    if (args.length == 0) {
        IO.println("usage: Listings CONNINFO [CONNECTIONS]");
        System.exit(2);
    }
    int connections = args.length > 1 ? Integer.parseInt(args[1]) : 10;
    try {
        Loop.run(() ->
                Scope.run(scope -> {
                    Postgres listener = scope.own(Postgres.connect(args[0]));
                    listener.listen("listings");
                    var fibers = new ArrayList<Fiber<Long>>();
                    for (int i = 1; i <= connections; i++) {
                        int number = i;
                        fibers.add(scope.fork(() -> sum(args[0], number)));
                    }
                    long total = 0;
                    for (Fiber<Long> fiber : fibers) {
                        total += fiber.join();
                    }
                    IO.println("all rows together: " + total);
                    listener.query(
                            "select pg_notify('listings', $1)", "done by " + listener.process());
                    IO.println("notified: " + listener.notifications().receive().payload());
                    return true;
                }));
    } catch (IllegalArgumentException | IOException e) {
        System.err.println("Listings: " + e.getMessage());
        System.exit(e instanceof IOException ? 1 : 2);
    }
}

/** Adds rows up as they come; the server waits if that is slow. */
long sum(String conninfo, int number) throws IOException {
    long sum = 0;
    try (var postgres = Postgres.connect(conninfo);
            Rows rows = postgres.stream("select generate_series(1, $1)", number * 1000)) {
        for (Row row : rows) {
            sum += row.integer(0);
        }
    }
    return sum;
}
