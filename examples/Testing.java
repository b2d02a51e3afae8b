import module dev.volokno;

import dev.volokno.fd.Pipe;
import dev.volokno.fiber.Channel;

/** Tests of fibers: time that jumps, deadlocks, faults, cancellation at every wait. */
void main() throws Exception {
    retries();
    deadlock();
    faults();
    everywhere();
}

void retries() throws Exception {
    TestLoop.create()
            .run(() -> {
                var began = Loop.current().clock().instant();
                int attempts = connectWithRetries();
                var took = Duration.between(began, Loop.current().clock().instant());
                IO.println("connected at attempt " + attempts + " after " + took);
            });
}

int connectWithRetries() {
    int attempts = 1;
    while (!serverIsUp(attempts)) {
        Fiber.sleep(Duration.ofSeconds(30));
        attempts++;
    }
    return attempts;
}

boolean serverIsUp(int attempt) {
    return attempt > 20;
}

void deadlock() throws Exception {
    try {
        TestLoop.create()
                .run(() -> {
                    Channel<String> orders = Channel.rendezvous();
                    Fiber.start(() -> orders.receive());
                    Fiber.start(() -> orders.receive());
                });
    } catch (DeadlockError stuck) {
        IO.println(stuck.getMessage().lines().findFirst().orElseThrow());
    }
}

void faults() throws Exception {
    var script =
            new FaultScript()
                    .on("read", Fault.shortTransfer(1), Fault.late(3))
                    .after(1, "write", Fault.errno("ENOSPC"));
    TestLoop.create()
            .withFaults(script)
            .run(() -> {
                try (Pipe pipe = Pipe.open()) {
                    pipe.sink().write(ByteBuffer.wrap("ab".getBytes()));
                    IO.println("short: " + pipe.source().read(ByteBuffer.allocate(10)));
                    IO.println("late: " + pipe.source().read(ByteBuffer.allocate(10)));
                    pipe.sink().write(ByteBuffer.wrap("cd".getBytes()));
                } catch (SystemCallException e) {
                    IO.println("failed: " + e.errno());
                }
            });
}

void everywhere() throws Exception {
    int runs = TestLoop.create().cancelEverywhere(this::copy);
    IO.println("cancelled at every wait: " + (runs > 5));
    runs = TestLoop.create().failEverywhere(this::copy, "EIO");
    IO.println("failed at every operation: " + (runs > 3));
}

void copy() throws Exception {
    try (Pipe from = Pipe.open();
            Pipe to = Pipe.open()) {
        Scope.run(scope -> {
            scope.fork(() -> from.source().transferTo(to.sink()));
            from.sink().write(ByteBuffer.wrap("payload".getBytes()));
            from.sink().close();
            return true;
        });
    }
}
