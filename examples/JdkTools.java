/** Tools of java.util.concurrent in fibers. See docs/java-util-concurrent.md. */
import module dev.volokno;

void main() throws Exception {
    Loop.run(() -> {
        limitUsers();
        answerFromElsewhere();
        cancelAWait();
        shareWithoutALock();
    });
}

void limitUsers() throws Exception {
    var permits = new Semaphore(2); // a third one parks: its fiber, not the loop
    var atOnce = new AtomicInteger();
    var most = new AtomicInteger();
    Scope.run(scope -> {
        for (int i = 0; i < 10; i++) {
            scope.fork(() -> {
                permits.acquire();
                try {
                    most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                    Fiber.sleep(Duration.ofMillis(1));
                } finally {
                    atOnce.decrementAndGet();
                    permits.release();
                }
            });
        }
        return true;
    });
    IO.println("at most " + most + " at once");
}

void answerFromElsewhere() throws Exception {
    try (var pool = Executors.newFixedThreadPool(1)) {
        var answer = CompletableFuture.supplyAsync(() -> 6 * 7, pool);
        IO.println(
                "from a pool: " + answer.get()); // get() ends if the fiber is cancelled, join() not
    }
}

void cancelAWait() throws Exception {
    var queue = new LinkedBlockingQueue<String>();
    var taker = Fiber.start(() -> queue.take());
    Fiber.yield();
    taker.cancel(); // one interrupt
    try {
        taker.join();
    } catch (CancellationException e) {
        IO.println("cancelled: " + e.getCause().getClass().getSimpleName());
    }
}

void shareWithoutALock() throws Exception {
    var count = new int[1];
    Scope.run(scope -> {
        for (int i = 0; i < 1000; i++) {
            scope.fork(() -> {
                count[0]++; // nothing else of a confined loop runs between two waits
                Fiber.yield();
                count[0]++;
            });
        }
        return true;
    });
    IO.println("counted " + count[0]);
}
