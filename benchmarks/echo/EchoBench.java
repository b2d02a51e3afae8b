// End-to-end echo benchmark: the same load on several servers, interleaved, one at a time.
// How to run and read it: ../README.md, or java EchoBench.java --help

void main(String[] args) {
    if (List.of(args).contains("--help")) {
        IO.println(BenchOptions.USAGE);
        return;
    }
    Locale.setDefault(Locale.ROOT); // figures with a decimal point, wherever this runs
    try {
        System.exit(run(BenchOptions.parse(args)));
    } catch (IllegalArgumentException e) {
        System.err.println("EchoBench: " + e.getMessage());
        System.exit(2);
    } catch (IOException | InterruptedException e) {
        System.err.println("EchoBench: " + e.getMessage());
        System.exit(1);
    }
}

/** Returns the exit status: 0 if each message of each run came back unchanged. */
int run(BenchOptions options) throws IOException, InterruptedException {
    var programs = Programs.locate();
    programs.build();
    var machine = Machine.inspect(programs);
    machine.forEach((name, value) -> IO.println("%-8s %s".formatted(name, value)));
    List<Run> runs;
    try (var children = new Children()) {
        runs = new Schedule(options, programs, children).measure();
    }
    var report = new Report(options, runs);
    report.lines().forEach(IO::println);
    if (options.json() != null) {
        JsonFile.write(options.json(), machine, options, runs);
    }
    return report.errors() == 0 ? 0 : 1;
}
