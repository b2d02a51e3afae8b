/** A daemon as systemd likes it: see daemon.socket and daemon.service, beside this file. */
import static java.nio.charset.StandardCharsets.UTF_8;

import module dev.volokno;

void main() throws Exception {
    Loop.run(() -> {
        try (var systemd = Systemd.open();
                var notes = ByteStream.over(Fd.adopt(systemd.socket("notes").number()));
                var signals = Signals.open(Signal.HUP, Signal.INT, Signal.TERM)) {
            Scope.run(scope -> {
                scope.daemon(systemd::keepWatchdog); // a stuck loop gives no sign of life
                scope.daemon(() -> printAll(notes));
                systemd.ready();
                systemd.status("waiting for notes");
                while (signals.take().signal().equals(Signal.HUP)) {
                    systemd.reloading(); // here a service with a configuration reads it again
                    systemd.ready();
                }
                systemd.stopping();
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
