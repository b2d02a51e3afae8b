/** Runs a command when files below a directory have changed and it is quiet again. */
import module dev.volokno;

void main(String[] args) throws Exception {
    try {
        run(args);
    } catch (IllegalArgumentException | IOException e) {
        System.err.println("BuildOnChange: " + e.getMessage());
        System.exit(e instanceof IOException ? 1 : 2);
    }
}

void run(String[] args) throws Exception {
    if (args.length < 2) {
        IO.println("usage: BuildOnChange DIRECTORY COMMAND [ARGUMENT...]");
        System.exit(2);
    }
    var root = Path.of(args[0]);
    var command = List.of(args).subList(1, args.length);
    Loop.run(() -> {
        try (var watcher = DirectoryWatcher.open(root, WatchOptions.wholeTree())) {
            IO.println("watching " + root);
            while (true) {
                var events = watcher.takeSettled(Duration.ofMillis(200));
                var changed = new TreeSet<Path>();
                events.forEach(event -> changed.add(event.path()));
                IO.println(changed.size() + " changed: " + changed.first());
                IO.println(build(command) == 0 ? "built" : "failed");
                if (events.getLast() instanceof FileEvent.Ended) {
                    return;
                }
            }
        }
    });
}

int build(List<String> command) throws Exception {
    return Offload.call(() -> new ProcessBuilder(command).inheritIO().start().waitFor());
}
