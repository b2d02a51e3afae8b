package dev.volokno.support;

import dev.volokno.fiber.Action;
import dev.volokno.loop.LateLoops;
import dev.volokno.loop.Loop;
import dev.volokno.loop.LoopOptions;
import dev.volokno.testing.TestLoop;

/** The ways a loop can run, all of which keep the same promises. */
public enum Configuration {
    IO_URING(LoopOptions.defaults().withBackend("io_uring")),
    EPOLL(LoopOptions.defaults().withBackend("epoll")),
    IO_URING_LATE(LateLoops.late(LoopOptions.defaults().withBackend("io_uring"))),
    EPOLL_LATE(LateLoops.late(LoopOptions.defaults().withBackend("epoll"))),
    EPOLL_UNCONFINED(LoopOptions.unconfined()),
    /** Time jumps, and the order is drawn. */
    TEST_LOOP(LoopOptions.defaults()) {
        @Override
        public void run(Action<? extends Exception> body) throws Exception {
            TestLoop.create().run(body);
        }
    };

    private final LoopOptions options;

    Configuration(LoopOptions options) {
        this.options = options;
    }

    public LoopOptions options() {
        return options;
    }

    public boolean confined() {
        return this != EPOLL_UNCONFINED;
    }

    /** Runs {@code body} in a loop of this configuration. */
    public void run(Action<? extends Exception> body) throws Exception {
        Loop.run(options, body);
    }
}
