package dev.volokno.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.fd.EventFd;
import dev.volokno.fd.Fd;
import dev.volokno.fd.Pipe;
import dev.volokno.fiber.Action;
import dev.volokno.fiber.Channel;
import dev.volokno.fiber.Deadline;
import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Offload;
import dev.volokno.fiber.Scope;
import dev.volokno.fiber.Select;
import dev.volokno.fiber.Ticker;
import dev.volokno.file.RegularFile;
import dev.volokno.net.NetOption;
import dev.volokno.net.TcpListener;
import dev.volokno.net.TcpSocket;
import dev.volokno.net.UdpSocket;
import dev.volokno.process.ChildProcess;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.EachLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a callback may call, and what it may not because it might wait. */
class CallbackWaitTest {
    private static final Duration SHORT = Duration.ofMillis(2);
    private static final InetSocketAddress ANY_PORT =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    /** Runs {@code body} in a callback, and then what a test does after it. */
    private static void inCallback(
            Configuration configuration, Action<Exception> body, Action<Exception> after)
            throws Exception {
        configuration.run(() -> {
            var told = Channel.<Boolean>bounded(1);
            Loop.current()
                    .after(
                            Duration.ZERO,
                            () -> {
                                body.run();
                                told.trySend(true);
                                return TimerCallback.END;
                            });
            told.receive();
            after.run();
        });
    }

    @EachLoop
    void everyWaitOfTheLibraryIsRefused(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (Pipe pipe = Pipe.open();
                    var event = EventFd.open();
                    var listener = TcpListener.bind(ANY_PORT);
                    var udp = UdpSocket.bind(ANY_PORT);
                    var file = RegularFile.openInMemory("file")) {
                var ticker = Ticker.every(SHORT, Ticker.Missed.SKIP);
                Map<String, Action<Exception>> waits = waitsOfFibers();
                ByteBuffer buffer = ByteBuffer.allocate(10);
                Fd fd = pipe.source().fd();
                waits.put("read", () -> pipe.source().read(buffer));
                waits.put("read in time", () -> pipe.source().read(buffer, SHORT));
                waits.put("readFully", () -> pipe.source().readFully(buffer));
                waits.put("readUntil", () -> pipe.source().readUntil(buffer, 1));
                waits.put("write", () -> pipe.sink().write(Bytes.of("x")));
                waits.put("writeSome", () -> pipe.sink().writeSome(Bytes.of("x")));
                waits.put("transferTo", () -> pipe.source().transferTo(pipe.sink()));
                waits.put("awaitReadable", fd::awaitReadable);
                waits.put("awaitWritable", pipe.sink().fd()::awaitWritable);
                waits.put("select", () -> Select.first(Select.when(fd.readable(), _ -> 1)));
                waits.put("tick", ticker::await);
                waits.put("take", event::take);
                waits.put("add", () -> event.add(1));
                waits.put("accept", listener::accept);
                waits.put("connect", () -> TcpSocket.connect(listener.localAddress()).close());
                waits.put("receive", () -> udp.receive(buffer));
                waits.put("send", () -> udp.send(Bytes.of("x"), udp.localAddress()));
                waits.put("open", () -> RegularFile.open(Path.of("/dev/null")).close());
                waits.put("read a file", () -> file.read(buffer, 0));
                waits.put("spawn", () -> ChildProcess.spawn("true").close());
                var told = Channel.<Boolean>bounded(1);
                Loop.current()
                        .after(
                                Duration.ZERO,
                                () -> {
                                    waits.forEach(CallbackWaitTest::isRefused);
                                    told.trySend(true);
                                    return TimerCallback.END;
                                });
                told.receive();
            }
        });
    }

    private static Map<String, Action<Exception>> waitsOfFibers() {
        var channel = Channel.<String>bounded(1);
        Fiber<Void> other = Fiber.start(() -> Fiber.sleep(SHORT));
        Map<String, Action<Exception>> waits = new LinkedHashMap<>();
        waits.put("sleep", () -> Fiber.sleep(SHORT));
        waits.put("sleep of no length", () -> Fiber.sleep(Duration.ZERO));
        waits.put("yield", Fiber::yield);
        waits.put("checkpoint", Fiber::checkpoint);
        waits.put("join", other::join);
        waits.put("receive an element", channel::receive);
        waits.put("send an element", () -> channel.send("element"));
        waits.put("within a deadline", () -> Deadline.within(SHORT, () -> channel.receive()));
        waits.put("in a shield", () -> Scope.shield(SHORT, () -> channel.receive()));
        waits.put("elsewhere", () -> Offload.call(() -> 1));
        return waits;
    }

    private static void isRefused(String name, Action<Exception> wait) {
        assertThatThrownBy(wait::run)
                .as(name)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("nothing waits inside a call of a loop's callback");
    }

    @EachLoop
    void aScopeAndAForkNeedAFiber(Configuration configuration) throws Exception {
        inCallback(
                configuration,
                () -> {
                    assertThatThrownBy(() -> Scope.run(_ -> 1))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("is no fiber");
                    assertThatThrownBy(() -> Fiber.start(() -> 1))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("Loop.submit");
                },
                () -> {});
    }

    @EachConfiguration
    void aCallOnADescriptorOfAnotherLoopIsRefused(Configuration configuration) throws Exception {
        try (Loop other = Loop.start(configuration.options())) {
            UdpSocket theirs = other.submit(() -> UdpSocket.bind(ANY_PORT)).join();
            inCallback(
                    configuration,
                    () -> isRefused("an option", () -> theirs.set(NetOption.BROADCAST, true)),
                    theirs::close);
        }
    }

    @EachLoop
    void whatNeverWaitsIsAllowed(Configuration configuration) throws Exception {
        ByteBuffer buffer = ByteBuffer.allocate(10);
        var channel = Channel.<String>bounded(1);
        inCallback(
                configuration,
                () -> {
                    try (Pipe pipe = Pipe.open();
                            var udp = UdpSocket.bind(ANY_PORT)) {
                        assertThat(pipe.source().tryRead(buffer)).isZero();
                        assertThat(pipe.sink().tryWrite(Bytes.of("word"))).isEqualTo(4);
                        assertThat(pipe.source().tryRead(buffer)).isEqualTo(4);
                        udp.set(NetOption.BROADCAST, true);
                        assertThat(udp.get(NetOption.BROADCAST)).isTrue();
                        assertThat(pipe.source().fd().pollable()).isTrue();
                    }
                    assertThat(channel.trySend("element")).isTrue();
                    assertThat(channel.tryReceive()).contains("element");
                    assertThat(Loop.current().confined()).isEqualTo(configuration.confined());
                    Loop.current().submit(() -> channel.send("from a fiber"));
                },
                () -> assertThat(channel.receive()).isEqualTo("from a fiber"));
    }

    @EachLoop
    void aRefusedWaitLeavesTheStreamToOthers(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (Pipe pipe = Pipe.open()) {
                Bytes.fill(pipe.sink());
                var writer = Fiber.start(() -> pipe.sink().write(Bytes.of("x")));
                Fiber.yield();
                var told = Channel.<Boolean>bounded(1);
                Loop.current()
                        .after(
                                SHORT,
                                () -> {
                                    isRefused("write", () -> pipe.sink().write(Bytes.of("y")));
                                    told.trySend(true);
                                    return TimerCallback.END;
                                });
                told.receive();
                pipe.source().read(ByteBuffer.allocate(1_000_000));
                writer.join();
                pipe.sink().write(Bytes.of("z"));
            }
        });
    }

    @EachConfiguration
    void noLoopRunsInsideACallback(Configuration configuration) throws Exception {
        inCallback(
                configuration,
                () ->
                        assertThatThrownBy(() -> Loop.run(() -> {}))
                                .isInstanceOf(IllegalStateException.class),
                () -> {});
    }

    @ParameterizedTest
    @EnumSource(names = {"IO_URING", "EPOLL"})
    void aCallbackThatBlocksTheLoopIsReportedWithItsStack(Configuration configuration)
            throws Exception {
        BlockingQueue<StallReport> reports = new LinkedBlockingQueue<>();
        Loop.run(
                configuration
                        .options()
                        .withStallThreshold(Duration.ofMillis(20))
                        .withStallHandler(reports::add),
                () ->
                        Loop.current()
                                .after(
                                        SHORT,
                                        () -> {
                                            blockUntilReported(reports);
                                            return TimerCallback.END;
                                        }));
        assertThat(reports.remove().toString()).contains("blockUntilReported");
    }

    private static void blockUntilReported(BlockingQueue<StallReport> reports) {
        while (reports.isEmpty()) {
            Thread.onSpinWait();
        }
    }
}
