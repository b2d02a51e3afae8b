/** Lets nobody open files whose names hold a word; needs CAP_SYS_ADMIN. */
import module dev.volokno;

void main(String[] args) throws Exception {
    try {
        run(args);
    } catch (IllegalArgumentException | IOException e) {
        System.err.println("AccessGuard: " + e.getMessage());
        System.exit(e instanceof IOException ? 1 : 2);
    }
}

void run(String[] args) throws Exception {
    if (args.length != 2) {
        IO.println("usage: AccessGuard DIRECTORY WORD");
        System.exit(2);
    }
    var directory = Path.of(args[0]);
    var word = args[1];
    // A second is enough to decide. A guard that dies or sleeps must not stop the machine.
    var options = GuardOptions.of(Extent.DIRECTORY).allowingAfter(Duration.ofSeconds(1));
    Loop.run(() -> {
        try (var guard = FilesystemGuard.open(directory, options)) {
            IO.println("guarding " + directory);
            for (var request : guard) {
                if (request.path().getFileName().toString().contains(word)) {
                    request.deny();
                    IO.println("denied " + request);
                } else {
                    request.allow();
                }
            }
        }
    });
}
