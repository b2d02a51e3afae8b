/** A daemon as systemd likes it: see daemon.socket and daemon.service, beside this file. */
import static java.nio.charset.StandardCharsets.UTF_8;

import module dev.volokno;

void main() throws Exception {
    Loop.run(() -> {
        try (var systemd = Systemd.open();
                var notes = ByteStream.over(Fd.adopt(systemd.socket("notes").number()))) {
            Scope.run(scope -> {
                scope.daemon(systemd::keepWatchdog); // a stuck loop gives no sign of life
                systemd.ready();
                systemd.status("waiting for notes");
                stopOnSignal(systemd);
                printAll(notes);
                return true;
            });
        }
    });
}

void printAll(ByteStream notes) throws IOException {
    var note = ByteBuffer.allocateDirect(65_536);
    while (true) {
        notes.read(note.clear()); // one datagram
        IO.println("note: " + UTF_8.decode(note.flip()));
    }
}

void stopOnSignal(Systemd systemd) {
    var loop = Loop.current();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(loop, systemd)));
}

void stop(Loop loop, Systemd systemd) {
    try {
        loop.submit(systemd::stopping).join();
    } catch (ExecutionException e) {
        System.err.println("the service manager was not told: " + e.getCause());
    } finally {
        loop.stop(Duration.ofSeconds(5)); // closes what is open, and Loop.run returns
    }
}
