package dev.volokno.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.fiber.Fiber;
import dev.volokno.loop.Loop;
import java.time.Duration;

/** How often a loop looks at the kernel. */
public final class Turns {
    private static final Duration WHILE = Duration.ofMillis(5);

    /** A loop that spins makes thousands. */
    private static final long FEW = 100;

    private Turns() {}

    /** Fails if the current loop, which has nothing to do, does not rest. */
    public static void assertRest() {
        long before = Loop.current().stats().turns();
        Fiber.sleep(WHILE);
        assertThat(Loop.current().stats().turns() - before).as("turns").isLessThan(FEW);
    }
}
