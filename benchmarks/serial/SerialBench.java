// Serial ports end to end: the same load on several servers, interleaved, one at a time.
// How to run and read it: ../README.md, or ./volokno bench serial --help

static final String USAGE =
        """
        usage: ./volokno bench serial [options]
          --rounds N         rounds over all servers and port counts (6)
          --seconds S        measured time of each run (3)
          --warmup S         load before each measured window (2)
          --prime S          load on each JVM server before the first round (12)
          --ports A,B,..     port counts (1,32)
          --servers A,B,..   of c, uring, epoll, jserialcomm (all)\
        """;

final Map<String, String> options =
        new HashMap<>(
                Map.of(
                        "--rounds", "6",
                        "--seconds", "3",
                        "--warmup", "2",
                        "--prime", "12",
                        "--ports", "1,32",
                        "--servers", "c,uring,epoll,jserialcomm"));

void main(String[] arguments) throws Exception {
    Locale.setDefault(Locale.ROOT);
    for (int i = 0; i < arguments.length; i += 2) {
        if (i + 1 == arguments.length || options.replace(arguments[i], arguments[i + 1]) == null) {
            IO.println(USAGE);
            System.exit(arguments[i].equals("--help") ? 0 : 2);
        }
    }
    var programs = Programs.locate();
    Machine.inspect(programs).forEach((name, value) -> IO.println("%-8s %s".formatted(name, value)));
    try (var children = new Children()) {
        System.exit(new SerialRounds(programs, children, options).run() ? 0 : 1);
    } catch (IOException e) {
        System.err.println("serial: " + e.getMessage());
        System.exit(1);
    }
}
