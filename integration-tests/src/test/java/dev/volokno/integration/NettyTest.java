package dev.volokno.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.fd.Fd;
import dev.volokno.fd.Pipe;
import dev.volokno.fiber.Fiber;
import dev.volokno.loop.EmbeddedLoop;
import dev.volokno.loop.Loop;
import dev.volokno.loop.LoopOptions;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.unix.FileDescriptor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fibers on the thread of an event loop of Netty's. */
@Timeout(60)
class NettyTest {
    private static final int TIMES = 500;

    /** Our descriptor, as Netty's epoll watches it: level-triggered, for reading. */
    private record Driven(EmbeddedLoop loop) implements EpollIoHandle {
        @Override
        public FileDescriptor fd() {
            return new FileDescriptor(loop.fd());
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            if (!loop.step(Duration.ZERO)) {
                registration.cancel();
            }
        }

        @Override
        public void close() {
            loop.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"io_uring", "epoll"})
    void itsEpollDrivesALoopOfOurs(String backend) throws Exception {
        try (var group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory())) {
            IoEventLoop eventLoop = group.next();
            EmbeddedLoop ours = on(eventLoop, () -> Loop.embedded(options(backend)));
            IoRegistration registration = eventLoop.register(new Driven(ours)).get();
            registration.submit(EpollIoOps.EPOLLIN);
            serves(ours, eventLoop);
            on(
                    eventLoop,
                    () -> {
                        registration.cancel();
                        ours.close();
                        return true;
                    });
        }
    }

    /** Where an event loop watches no numbers, a fiber of another loop does it for it. */
    @ParameterizedTest
    @ValueSource(strings = {"io_uring", "epoll"})
    void anEventLoopThatWatchesNoNumbersIsToldByAFiber(String backend) throws Exception {
        try (var group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
                Loop watching = Loop.start()) {
            EventLoop eventLoop = group.next();
            EmbeddedLoop ours = on(eventLoop, () -> Loop.embedded(options(backend)));
            Fiber<Void> watcher = watching.submit(() -> drive(ours, eventLoop, ours.fd()));
            serves(ours, eventLoop);
            watcher.cancel();
            on(
                    eventLoop,
                    () -> {
                        ours.close();
                        return true;
                    });
        }
    }

    /** One step at a time: the descriptor is looked at again when the step is done. */
    private static void drive(EmbeddedLoop ours, EventLoop eventLoop, int number) throws Exception {
        try (var due = Fd.borrow(number)) {
            boolean goesOn = true;
            while (goesOn) {
                due.awaitReadable();
                goesOn = eventLoop.submit(() -> ours.step(Duration.ZERO)).get();
            }
        }
    }

    private static void serves(EmbeddedLoop ours, EventLoop eventLoop) throws Exception {
        List<String> threads = new ArrayList<>();
        Fiber<String> main =
                ours.loop()
                        .submit(() -> {
                            threads.add(carrierName());
                            try (Pipe pipe = Pipe.open()) {
                                Fiber<Void> writer =
                                        Fiber.start(() -> {
                                            Fiber.sleep(Duration.ofMillis(2));
                                            pipe.sink().write(ByteBuffer.wrap(bytes("word")));
                                        });
                                ByteBuffer buffer = ByteBuffer.allocate(10);
                                pipe.source().read(buffer);
                                writer.join();
                                return text(buffer);
                            }
                        });
        assertThat(main.join()).isEqualTo("word");
        assertThat(threads).containsExactly(on(eventLoop, NettyTest::carrierName));
        // From another thread, one after the other: each has to wake the event loop.
        for (int i = 0; i < TIMES; i++) {
            int own = i;
            assertThat(ours.loop().submit(() -> own).join()).isEqualTo(i);
        }
        // Its own timers run as before.
        assertThat(eventLoop.schedule(() -> 1, 2, TimeUnit.MILLISECONDS).get()).isEqualTo(1);
    }

    /** The name of the platform thread; a fiber's own string ends with it. */
    private static String carrierName() {
        Thread thread = Thread.currentThread();
        String text = thread.toString();
        return thread.isVirtual() ? text.substring(text.lastIndexOf('@') + 1) : thread.getName();
    }

    private static <T> T on(EventLoop eventLoop, Callable<T> body) throws Exception {
        return eventLoop.submit(body).get();
    }

    private static LoopOptions options(String backend) {
        return LoopOptions.defaults().withBackend(backend);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String text(ByteBuffer filled) {
        return StandardCharsets.US_ASCII.decode(filled.flip()).toString();
    }
}
