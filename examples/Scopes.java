/** A tour of scopes, deadlines, channels and select, on sockets of its own. See docs/scopes.md. */
import module dev.volokno;

import dev.volokno.fd.Pipe;
import dev.volokno.fiber.Channel;

void main() throws Exception {
    Loop.run(() -> {
        failTogether();
        race();
        collect();
        limit();
        select();
        cleanUp();
        offload();
    });
}

void failTogether() {
    try {
        Scope.run(scope -> {
            scope.fork(() -> Fiber.sleep(Duration.ofDays(1))); // is cancelled
            scope.fork(() -> {
                throw new IOException("no route");
            });
            return true;
        });
    } catch (Exception e) {
        IO.println("failed together: " + e.getMessage());
    }
}

void race() throws Exception {
    var answer =
            Scope.race(
                    List.<Callable<String>>of(
                            () -> answerAfter(Duration.ofSeconds(9), "slow mirror"),
                            () -> answerAfter(Duration.ofMillis(1), "fast mirror")));
    IO.println("race: " + answer);
}

String answerAfter(Duration time, String answer) {
    Fiber.sleep(time);
    return answer;
}

void collect() throws Exception {
    var fibers =
            Scope.run(
                    ScopePolicy.collect(),
                    scope ->
                            Stream.of("8", "eight")
                                    .map(text -> scope.fork(() -> Integer.parseInt(text)))
                                    .toList());
    for (var fiber : fibers) {
        IO.println(
                switch (fiber.state()) {
                    case SUCCESS -> "collected " + fiber.resultNow();
                    case FAILED -> "collected " + fiber.exceptionNow().getMessage();
                    default -> "collected nothing";
                });
    }
}

void limit() throws IOException {
    try (var pipe = Pipe.open()) {
        var buffer = ByteBuffer.allocateDirect(64);
        if (Deadline.tryWithin(Duration.ofMillis(5), () -> pipe.source().read(buffer)).isEmpty()) {
            IO.println("limit: silence"); // and the pipe is as good as before
        }
    }
}

void select() throws Exception {
    try (var pipe = Pipe.open();
            var jobs = Channel.<String>bounded(8)) {
        Fiber.start(() -> jobs.send("job 1"));
        for (int i = 0; i < 2; i++) {
            IO.println(
                    Select.<String>first(
                            Select.when(jobs.receiving(), job -> "select: " + job),
                            Select.when(pipe.source().fd().readable(), _ -> "select: input"),
                            Select.after(Duration.ofMillis(200), () -> "select: nothing")));
        }
    }
}

void cleanUp() throws Exception {
    Scope.run(scope -> {
        var pipe = scope.own(Pipe.open()); // closed when all fibers have ended
        var reader =
                scope.fork(() -> {
                    try {
                        return pipe.source().read(ByteBuffer.allocateDirect(64));
                    } finally {
                        Scope.shield(Duration.ofSeconds(1), () -> goodbye());
                    }
                });
        Fiber.yield();
        reader.cancel();
        return true;
    });
}

void goodbye() {
    Fiber.sleep(Duration.ofMillis(1)); // a cancelled fiber could not wait here without a shield
    IO.println("cleaned up");
}

void offload() throws Exception {
    IO.println(
            "offloaded: "
                    + Offload.call(
                            () -> BigInteger.TWO.modPow(BigInteger.TEN, BigInteger.valueOf(1000))));
}
