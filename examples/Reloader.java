/** Reloads on HUP, dumps its fibers on USR1, and ends in order on TERM or Ctrl-C. */
import module dev.volokno;

void main() throws Exception {
    Loop.run(() -> {
        Scope.run(scope -> {
            LoopDump.on(scope, Signal.USR1);
            scope.daemon(() -> work());
            IO.println("process " + ProcessHandle.current().pid());
            serve();
            return true;
        });
        IO.println("ended in order");
    });
}

void work() {
    while (true) {
        Fiber.sleep(Duration.ofMinutes(1));
    }
}

void serve() throws IOException {
    try (var signals = Signals.open(Signal.HUP, Signal.INT, Signal.TERM)) {
        for (var info : signals) {
            if (!info.signal().equals(Signal.HUP)) {
                IO.println(info.signal() + " from process " + info.pid());
                break;
            }
            IO.println("reloaded");
        }
    }
}
