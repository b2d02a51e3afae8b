package dev.volokno.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.fd.Fd;
import dev.volokno.fd.Pipe;
import dev.volokno.fiber.Channel;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfinedConfiguration;
import dev.volokno.support.Glib;
import dev.volokno.support.TestLibc;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;

/** GLib's main loop around ours, and inside ours. */
class GlibTest {
    private static final Duration SHORT = Duration.ofMillis(2);
    private static final int TIMES = 200;

    @EachConfinedConfiguration
    void fibersRunInsideItsMainLoop(Configuration configuration) throws Exception {
        List<String> said = new ArrayList<>();
        try (Glib glib = Glib.open();
                EmbeddedLoop embedded = Loop.embedded(configuration.options())) {
            glib.whenReadable(embedded.fd(), () -> embedded.step(Duration.ZERO));
            var ticks = new int[1];
            glib.every(1, () -> ++ticks[0] > 0);
            Fiber<Void> main =
                    embedded.loop()
                            .submit(() -> {
                                try (Pipe pipe = Pipe.open()) {
                                    var writer = Fiber.start(() -> write(pipe));
                                    for (int i = 0; i < 3; i++) {
                                        said.add(Bytes.read(pipe.source()));
                                    }
                                    writer.join();
                                    // Its own timers run meanwhile.
                                    while (ticks[0] < 3) {
                                        Fiber.sleep(SHORT);
                                    }
                                } finally {
                                    glib.quit();
                                }
                            });
            glib.run();
            assertThat(main.state()).isEqualTo(Future.State.SUCCESS);
        }
        assertThat(said).containsExactly("one", "two", "three");
    }

    private static void write(Pipe pipe) throws IOException {
        for (String word : List.of("one", "two", "three")) {
            pipe.sink().write(Bytes.of(word));
            Fiber.sleep(SHORT);
        }
    }

    @EachConfinedConfiguration
    void otherThreadsWakeFibersInsideItsMainLoop(Configuration configuration) throws Exception {
        try (Glib glib = Glib.open();
                EmbeddedLoop embedded = Loop.embedded(configuration.options())) {
            glib.whenReadable(embedded.fd(), () -> embedded.step(Duration.ZERO));
            Loop loop = embedded.loop();
            var count = new int[1];
            var thread =
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int i = 0; i < TIMES; i++) {
                                    loop.submit(() -> {
                                        if (++count[0] == TIMES) {
                                            glib.quit();
                                        }
                                    });
                                }
                            });
            glib.run();
            thread.join();
            assertThat(count[0]).isEqualTo(TIMES);
        }
    }

    /** GLib as the guest of a loop of ours. */
    private static final class GlibGuest implements Guest {
        private final Loop loop;
        private final Glib glib;
        private final Map<Glib.PollFd, Registration> watches = new HashMap<>();

        GlibGuest(Loop loop, Glib glib) {
            this.loop = loop;
            this.glib = glib;
        }

        @Override
        public Duration prepare() throws IOException {
            glib.acquire();
            int millis = glib.prepare();
            watches.values().removeIf(watch -> !watch.isActive());
            for (int i = 0; i < glib.polledCount(); i++) {
                watch(glib.polled(i));
            }
            return millis < 0 ? NO_LIMIT : Duration.ofMillis(millis);
        }

        /** It only has to wake the loop: GLib asks the kernel itself. */
        private void watch(Glib.PollFd wanted) throws IOException {
            if (!watches.containsKey(wanted)) {
                var once =
                        loop.watch(
                                Fd.borrow(wanted.number()),
                                Conditions.READABLE,
                                _ -> Conditions.NONE);
                watches.put(wanted, once.daemon());
            }
        }

        @Override
        public void check() {
            glib.dispatch();
            glib.release();
        }
    }

    @EachConfinedConfiguration
    void itsSourcesRunInsideALoopOfOurs(Configuration configuration) throws Exception {
        int[] pair = TestLibc.socketpair();
        try (Glib glib = Glib.open()) {
            configuration.run(() -> {
                Loop loop = Loop.current();
                Registration stay = loop.host(new GlibGuest(loop, glib));
                var told = Channel.<String>bounded(9);
                glib.whenReadable(
                        pair[0],
                        () -> {
                            told.trySend("read " + TestLibc.readByte(pair[0]));
                            return true;
                        });
                TestLibc.writeByte(pair[1]);
                assertThat(told.receive()).isEqualTo("read 1");
                TestLibc.writeByte(pair[1]);
                assertThat(told.receive()).isEqualTo("read 1");
                var ticks = new int[1];
                glib.every(
                        2,
                        () -> {
                            told.trySend("tick");
                            return ++ticks[0] < 3;
                        });
                for (int i = 0; i < 3; i++) {
                    assertThat(told.receive()).isEqualTo("tick");
                }
                // Our own fibers go on meanwhile.
                try (Pipe pipe = Pipe.open()) {
                    var reader = Fiber.start(() -> Bytes.read(pipe.source()));
                    pipe.sink().write(ByteBuffer.wrap(new byte[] {'x'}));
                    assertThat(reader.join()).isEqualTo("x");
                }
                stay.close();
            });
        }
        TestLibc.close(pair[0]);
        TestLibc.close(pair[1]);
    }
}
