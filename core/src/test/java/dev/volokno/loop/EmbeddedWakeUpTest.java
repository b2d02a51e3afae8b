package dev.volokno.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.fd.ByteStream;
import dev.volokno.fd.Fd;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfinedConfiguration;
import dev.volokno.support.TestLibc;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Another loop sleeps in poll(2) on the descriptor of ours, and nothing but that wakes it.
 * Everybody asks for one thing at a time and waits for it, so a wake-up that is lost ends the test.
 */
class EmbeddedWakeUpTest {
    private static final int TIMES = 3000;

    /** Longer than any of those that are waited for; then a wake-up was lost. */
    private static final int PATIENCE_MILLIS = 15_000;

    // The driving thread, in steps and between them.
    private int ended;

    @EachConfinedConfiguration
    void noneIsLostOfPostsTimersAndInput(Configuration configuration) throws Exception {
        int[] pair = TestLibc.socketpair();
        try (EmbeddedLoop embedded = Loop.embedded(configuration.options());
                ExecutorService threads = Executors.newCachedThreadPool()) {
            Loop loop = embedded.loop();
            var echo = loop.submit(() -> echo(pair[0]));
            List<Future<Integer>> done = new ArrayList<>();
            List<Callable<Integer>> tasks =
                    List.of(
                            posting(loop),
                            posting(loop),
                            () -> pingPong(pair[1]),
                            sleeping(loop),
                            callingBack(loop));
            for (Callable<Integer> task : tasks) {
                done.add(threads.submit(() -> tellEnd(loop, task.call())));
            }
            assertThat(lostUntilAllEnd(embedded, tasks.size())).isZero();
            for (Future<Integer> one : done) {
                assertThat(one.get()).isEqualTo(TIMES);
            }
            assertThat(echo.state()).isEqualTo(Future.State.SUCCESS);
        }
    }

    /** The end of a task is one more event of the loop, or nothing would wake it any more. */
    private int tellEnd(Loop loop, int times) {
        loop.submit(() -> ended++);
        return times;
    }

    private int lostUntilAllEnd(EmbeddedLoop loop, int tasks) {
        int lost = 0;
        while (ended < tasks) {
            if (!TestLibc.pollForInput(loop.fd(), PATIENCE_MILLIS)) {
                lost++;
            }
            loop.step(Duration.ZERO);
        }
        return lost;
    }

    /** Starts a fiber and waits for its end, one after the other. */
    private static Callable<Integer> posting(Loop loop) {
        return () -> {
            int ends = 0;
            for (int i = 0; i < TIMES; i++) {
                ends += loop.submit(() -> 1).join();
            }
            return ends;
        };
    }

    private static Callable<Integer> sleeping(Loop loop) {
        var random = new Random(1);
        return () ->
                loop.submit(
                                () -> {
                                    int sleeps = 0;
                                    while (sleeps < TIMES) {
                                        Fiber.sleep(Duration.ofNanos(random.nextInt(100_000)));
                                        sleeps++;
                                    }
                                    return sleeps;
                                })
                        .join();
    }

    private static Callable<Integer> callingBack(Loop loop) {
        var random = new Random(2);
        return () -> {
            var calls = new CompletableFuture<Integer>();
            var count = new int[1];
            loop.after(
                    Duration.ZERO,
                    () -> {
                        if (++count[0] < TIMES) {
                            return Duration.ofNanos(random.nextInt(100_000));
                        }
                        calls.complete(count[0]);
                        return TimerCallback.END;
                    });
            return calls.get();
        };
    }

    private static int pingPong(int number) {
        int bytes = 0;
        for (int i = 0; i < TIMES; i++) {
            TestLibc.writeByte(number);
            bytes += TestLibc.readByte(number);
        }
        TestLibc.close(number);
        return bytes;
    }

    private static void echo(int number) throws Exception {
        try (ByteStream stream = ByteStream.over(Fd.adopt(number))) {
            ByteBuffer one = ByteBuffer.allocateDirect(1);
            while (stream.read(one.clear()) > 0) {
                stream.write(one.flip());
            }
        }
    }
}
