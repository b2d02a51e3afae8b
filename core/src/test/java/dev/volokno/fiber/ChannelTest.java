package dev.volokno.fiber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.DeadlineException;
import dev.volokno.loop.Loop;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.EachLoop;
import dev.volokno.support.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ChannelTest {
    private static final Duration SHORT = Duration.ofMillis(1);

    @EachLoop
    void elementsComeInOrderAndTheIterationEndsWithTheChannel(Configuration configuration)
            throws Exception {
        for (int capacity : new int[] {0, 1, 3}) {
            var received = new ArrayList<Integer>();
            configuration.run(() -> {
                var channel = Channel.<Integer>bounded(capacity);
                Fiber.start(() -> {
                    try (channel) {
                        for (int i = 0; i < 1000; i++) {
                            channel.send(i);
                        }
                    }
                });
                channel.forEach(received::add);
            });
            assertThat(received).isEqualTo(IntStream.range(0, 1000).boxed().toList());
        }
    }

    @EachLoop
    void aFullChannelHoldsItsSenderBack(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var channel = Channel.<String>bounded(1);
            channel.send("a");
            assertThat(channel.trySend("no room")).isFalse();
            var sender = Waiting.untilParked(Fiber.start(() -> channel.send("b")));
            assertThat(channel.size()).isEqualTo(1);
            assertThat(channel.receive()).isEqualTo("a");
            sender.join();
            assertThat(channel.tryReceive()).contains("b");
            assertThat(channel.tryReceive()).isEmpty();
        });
    }

    @EachLoop
    void aRendezvousWaitsForItsReceiver(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var channel = Channel.<String>rendezvous();
            assertThat(channel.trySend("nobody there")).isFalse();
            var receiver = Waiting.untilParked(Fiber.start(() -> channel.receive()));
            assertThat(channel.trySend("met")).isTrue();
            assertThat(receiver.join()).isEqualTo("met");
            var sender = Waiting.untilParked(Fiber.start(() -> channel.send("again")));
            assertThat(channel.tryReceive()).contains("again");
            sender.join();
        });
    }

    @EachLoop
    void whatWasSentBeforeTheCloseIsStillReceived(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var channel = Channel.<String>bounded(1);
            channel.send("kept");
            var refused = Waiting.untilParked(refused(() -> channel.send("refused")));
            channel.close();
            channel.close();
            refused.join();
            assertThatThrownBy(() -> channel.send("late"))
                    .isInstanceOf(ChannelClosedException.class);
            assertThatThrownBy(() -> channel.trySend("late"))
                    .isInstanceOf(ChannelClosedException.class);
            assertThat(channel.receive()).isEqualTo("kept");
            assertThatThrownBy(channel::receive).isInstanceOf(ChannelClosedException.class);
            assertThat(channel.tryReceive()).isEmpty();
        });
    }

    @EachLoop
    void aReceiverThatWaitsIsToldOfTheClose(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var channel = Channel.<String>bounded(1);
            var receiver = Waiting.untilParked(refused(channel::receive));
            channel.close();
            receiver.join();
        });
    }

    @EachLoop
    void aCancelledSideLosesNothingAndLeavesTheOthersTheirTurn(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            var channel = Channel.<String>rendezvous();
            var cancelled = Waiting.untilParked(Fiber.start(() -> channel.receive()));
            var served = Waiting.untilParked(Fiber.start(() -> channel.receive()));
            cancelled.cancel();
            channel.send("for the second");
            assertThat(served.join()).isEqualTo("for the second");
            assertThatThrownBy(cancelled::join).isInstanceOf(CancellationException.class);
            var sender = Waiting.untilParked(Fiber.start(() -> channel.send("never")));
            sender.cancel();
            assertThat(channel.tryReceive()).isEmpty();
            assertThatThrownBy(sender::join).isInstanceOf(CancellationException.class);
        });
    }

    @EachLoop
    void aWaitForAnElementMayBeLimited(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var channel = Channel.<String>rendezvous();
            assertThatThrownBy(() -> channel.receive(SHORT)).isInstanceOf(DeadlineException.class);
            assertThatThrownBy(() -> channel.send("x", SHORT))
                    .isInstanceOf(DeadlineException.class);
            assertThat(channel.tryReceive()).isEmpty();
        });
    }

    @EachConfiguration
    void loopsAndThreadsShareAChannel(Configuration configuration) throws Exception {
        int each = 2000;
        var received = Collections.synchronizedList(new ArrayList<Integer>());
        var channel = Channel.<Integer>bounded(4);
        Thread plain = Thread.ofPlatform().start(() -> sendRange(channel, 0, each));
        try (Loop other = Loop.start(configuration.options())) {
            Fiber<Void> far = other.submit(() -> sendRange(channel, each, 2 * each));
            configuration.run(() -> {
                var near = Fiber.start(() -> sendRange(channel, 2 * each, 3 * each));
                var receivers =
                        List.of(
                                Fiber.start(() -> channel.forEach(received::add)),
                                Fiber.start(() -> channel.forEach(received::add)));
                near.join();
                far.join();
                plain.join();
                channel.close();
                for (var receiver : receivers) {
                    receiver.join();
                }
            });
        }
        assertThat(received)
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 3 * each).boxed().toList());
    }

    /** A fiber whose call ends because the channel is closed. */
    private static Fiber<Void> refused(ThrowingCallable call) {
        return Fiber.start(() -> {
            assertThatThrownBy(call).isInstanceOf(ChannelClosedException.class);
        });
    }

    private static void sendRange(Channel<Integer> channel, int from, int to) {
        for (int i = from; i < to; i++) {
            channel.send(i);
        }
    }

    @Test
    void aCapacityBelowNothingIsRefused() {
        assertThatThrownBy(() -> Channel.bounded(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
    }
}
