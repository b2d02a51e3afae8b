package dev.volokno.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.fiber.Channel;
import dev.volokno.fiber.ChannelClosedException;
import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Select;
import dev.volokno.loop.Loop;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.EachLoop;
import dev.volokno.support.Waiting;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SelectTest {
    private static final Duration LONG = Duration.ofDays(9);
    private static final Duration SHORT = Duration.ofMillis(1);

    private static Fiber<String> selecting(Pipe pipe, Channel<String> channel, Fiber<?> other) {
        return Waiting.untilParked(
                Fiber.start(() ->
                        Select.first(
                                Select.when(
                                        pipe.source().fd().readable(),
                                        _ -> Bytes.read(pipe.source())),
                                Select.when(channel.receiving(), element -> element),
                                Select.when(other.ending(), ended -> "ended " + ended.resultNow()),
                                Select.after(LONG, () -> "late"))));
    }

    @EachLoop
    void eachKindOfEventEndsTheWaitAndDisturbsNoOther(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (Pipe pipe = Pipe.open()) {
                var channel = Channel.<String>rendezvous();
                var gate = new CountDownLatch(1);
                var other =
                        Fiber.start(() -> {
                            gate.await();
                            return "well";
                        });
                var first = selecting(pipe, channel, other);
                pipe.sink().write(Bytes.of("bytes"));
                assertThat(first.join()).isEqualTo("bytes");
                assertThat(channel.trySend("nobody waits any more")).isFalse();

                var second = selecting(pipe, channel, other);
                channel.send("element");
                assertThat(second.join()).isEqualTo("element");

                var third = selecting(pipe, channel, other);
                gate.countDown();
                assertThat(third.join()).isEqualTo("ended well");

                pipe.sink().write(Bytes.of("still there"));
                assertThat(Bytes.read(pipe.source())).isEqualTo("still there");
            }
        });
    }

    @EachLoop
    void timeIsAnEventToo(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var channel = Channel.<String>bounded(1);
            assertThat(
                            Select.<String>first(
                                    Select.when(channel.receiving(), element -> element),
                                    Select.after(LONG, () -> "later"),
                                    Select.after(SHORT, () -> "time")))
                    .isEqualTo("time");
            channel.send("there");
            assertThat(
                            Select.<String>first(
                                    Select.after(Duration.ZERO, () -> "time"),
                                    Select.when(channel.receiving(), element -> element)))
                    .isEqualTo("there");
            assertThat(
                            Select.<String>first(
                                    Select.after(Duration.ZERO, () -> "time"),
                                    Select.when(channel.receiving(), element -> element)))
                    .isEqualTo("time");
        });
    }

    @EachLoop
    void ofSeveralThatAreThereEachHasItsTurn(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var channels =
                    List.of(
                            Channel.<String>bounded(1),
                            Channel.<String>bounded(1),
                            Channel.<String>bounded(1));
            var taken = new ArrayList<String>();
            for (int i = 0; i < 6; i++) {
                for (int c = 0; c < 3; c++) {
                    channels.get(c).trySend("channel " + c);
                }
                taken.add(
                        Select.<String>first(
                                Select.when(channels.get(0).receiving(), element -> element),
                                Select.when(channels.get(1).receiving(), element -> element),
                                Select.when(channels.get(2).receiving(), element -> element)));
            }
            assertThat(taken)
                    .containsExactlyInAnyOrder(
                            "channel 0",
                            "channel 1",
                            "channel 2",
                            "channel 0",
                            "channel 1",
                            "channel 2");
        });
    }

    @EachLoop
    void bytesLeftOverAreReadable(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (Pipe pipe = Pipe.open()) {
                pipe.sink().write(Bytes.of("a line\nand more"));
                pipe.source().readUntil(java.nio.ByteBuffer.allocate(64), '\n');
                assertThat(
                                Select.<String>first(
                                        Select.when(
                                                pipe.source().fd().readable(),
                                                _ -> Bytes.read(pipe.source())),
                                        Select.after(LONG, () -> "late")))
                        .isEqualTo("and more");
            }
        });
    }

    @EachLoop
    void aCancelledSelectTakesNothingAndLeavesNothingBehind(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (Pipe pipe = Pipe.open()) {
                var channel = Channel.<String>bounded(1);
                var never = Fiber.start(() -> Fiber.sleep(LONG));
                var selecting = selecting(pipe, channel, never);
                selecting.cancel();
                assertThatThrownBy(selecting::join).isInstanceOf(CancellationException.class);
                channel.send("kept");
                pipe.sink().write(Bytes.of("kept"));
                assertThat(channel.receive()).isEqualTo("kept");
                assertThat(Bytes.read(pipe.source())).isEqualTo("kept");
                never.cancel();
            }
        });
    }

    @EachLoop
    void aCloseIsTold(Configuration configuration) throws Exception {
        configuration.run(() -> {
            Pipe pipe = Pipe.open();
            var channel = Channel.<String>bounded(1);
            var onPipe =
                    Waiting.untilParked(
                            Fiber.start(() -> {
                                assertThatThrownBy(() ->
                                                Select.first(
                                                        Select.when(
                                                                pipe.source().fd().readable(),
                                                                fd -> fd)))
                                        .isInstanceOf(AsynchronousCloseException.class);
                            }));
            pipe.close();
            onPipe.join();
            var onChannel =
                    Waiting.untilParked(
                            Fiber.start(() -> {
                                assertThatThrownBy(() ->
                                                Select.first(
                                                        Select.when(
                                                                channel.receiving(),
                                                                element -> element)))
                                        .isInstanceOf(ChannelClosedException.class);
                            }));
            channel.close();
            onChannel.join();
        });
    }

    @EachLoop
    void aSelectThatSendsAndReceivesOnOneChannelDoesNotMeetItself(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            var channel = Channel.<String>rendezvous();
            var both =
                    Waiting.untilParked(
                            Fiber.start(() ->
                                    Select.<String>first(
                                            Select.when(
                                                    channel.receiving(),
                                                    element -> "received " + element),
                                            Select.when(
                                                    channel.sending("mine"),
                                                    element -> "sent " + element))));
            assertThat(channel.receive()).isEqualTo("mine");
            assertThat(both.join()).isEqualTo("sent mine");
        });
    }

    @EachConfiguration
    void selectsOfSeveralThreadsLoseNoElement(Configuration configuration) throws Exception {
        int each = 1000;
        var left = Channel.<Integer>rendezvous();
        var right = Channel.<Integer>bounded(2);
        var received = Collections.synchronizedList(new ArrayList<Integer>());
        try (Loop other = Loop.start(configuration.options())) {
            var sender =
                    other.submit(() -> {
                        for (int i = 0; i < each; i++) {
                            Select.first(
                                    Select.when(left.sending(i), element -> element),
                                    Select.when(right.sending(i), element -> element));
                        }
                        left.close();
                        right.close();
                    });
            configuration.run(() -> {
                try {
                    while (true) {
                        received.add(
                                Select.<Integer>first(
                                        Select.when(left.receiving(), element -> element),
                                        Select.when(right.receiving(), element -> element)));
                    }
                } catch (ChannelClosedException oneOfThem) {
                    right.forEach(received::add);
                }
            });
            sender.join();
        }
        assertThat(received)
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, each).boxed().toList());
    }

    @Test
    void aSelectOfNothingIsRefused() {
        assertThatThrownBy(() -> Select.first()).isInstanceOf(IllegalArgumentException.class);
    }
}
