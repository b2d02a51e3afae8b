package dev.volokno.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.CancelledException;
import dev.volokno.DeadlineException;
import dev.volokno.fd.Pipe;
import dev.volokno.fiber.Channel;
import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Select;
import dev.volokno.loop.Loop;
import dev.volokno.process.SignalInfo.Cause;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.TestLibc;
import dev.volokno.support.Waiting;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

class SignalsTest {
    @EachConfiguration
    void aSignalTellsWhoSentIt(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var signals = Signals.open(Signal.USR1)) {
                var taker = Waiting.untilParked(Fiber.start(() -> signals.take()));
                Kill.self(Signal.USR1);
                SignalInfo info = taker.join();
                assertThat(info.signal()).isEqualTo(Signal.USR1);
                assertThat(info.cause()).isEqualTo(Cause.PROCESS);
                assertThat(info.pid()).isEqualTo(Kill.PID);
                assertThat(info.code()).isZero();
            }
        });
    }

    @EachConfiguration
    void realTimeSignalsAllComeWithTheirValues(Configuration configuration) throws Exception {
        configuration.run(() -> {
            Signal signal = Signal.realTime(3);
            try (var signals = Signals.open(signal)) {
                var sent = new ArrayList<Long>();
                for (long value = 0; value < 100; value++) {
                    sent.add(value << 40 | 7);
                    assertThat(Kill.queue(signal, value << 40 | 7)).isTrue();
                }
                var taken = new ArrayList<Long>();
                for (int i = 0; i < 100; i++) {
                    SignalInfo info = signals.take();
                    assertThat(info.cause()).isEqualTo(Cause.QUEUE);
                    taken.add(info.value());
                }
                assertThat(taken).containsExactlyInAnyOrderElementsOf(sent);
                assertThat(signals.tryTake()).isEmpty();
            }
        });
    }

    @EachConfiguration
    void severalThatListenToOneSignalAllGetIt(Configuration configuration) throws Exception {
        try (Loop other = Loop.start(configuration.options())) {
            configuration.run(() -> {
                var ready = Channel.<Boolean>rendezvous();
                var far =
                        other.submit(() -> {
                            try (var signals = Signals.open(Signal.URG, Signal.WINCH)) {
                                ready.send(true);
                                return List.of(signals.take(), signals.take());
                            }
                        });
                var one = Signals.open(Signal.WINCH);
                try (var two = Signals.open(Signal.WINCH)) {
                    ready.receive();
                    Kill.self(Signal.WINCH);
                    assertThat(one.take().signal()).isEqualTo(Signal.WINCH);
                    one.close();
                    Kill.self(Signal.URG);
                    Kill.self(Signal.WINCH);
                    assertThat(two.take().signal()).isEqualTo(Signal.WINCH);
                    assertThat(far.join()).extracting(SignalInfo::pid).containsOnly(Kill.PID);
                }
            });
        }
    }

    @EachConfiguration
    void theFormerDispositionIsRestoredByTheLastThatCloses(Configuration configuration)
            throws Exception {
        long before = Kill.handler(Signal.TERM);
        configuration.run(() -> {
            var one = Signals.open(Signal.TERM, Signal.WINCH);
            try (var two = Signals.open(Signal.TERM)) {
                assertThat(Kill.handler(Signal.TERM)).isNotEqualTo(before);
                one.close();
                assertThat(Kill.handler(Signal.WINCH)).isZero();
                Kill.self(Signal.TERM);
                assertThat(two.take().signal()).isEqualTo(Signal.TERM);
            }
            assertThat(Kill.handler(Signal.TERM)).isEqualTo(before);
        });
    }

    @EachConfiguration
    void aLoopThatEndsListensNoMore(Configuration configuration) throws Exception {
        configuration.run(() -> {
            Signals.open(Signal.WINCH);
            assertThat(Kill.handler(Signal.WINCH)).isNotZero();
        });
        assertThat(Kill.handler(Signal.WINCH)).isZero();
    }

    @EachConfiguration
    void aStormStarvesNobodyAndIsBounded(Configuration configuration) throws Exception {
        configuration.run(() -> {
            Signal signal = Signal.realTime(4);
            var idle = Signals.open(signal);
            try (var signals = Signals.open(signal);
                    var pipe = Pipe.open()) {
                int sent = 0;
                for (int round = 0; round < 20; round++) {
                    var taker =
                            Fiber.start(() -> {
                                int taken = 0;
                                while (signals.tryTake().isPresent()) {
                                    taken++;
                                    Fiber.yield();
                                }
                                return taken;
                            });
                    int before = sent;
                    for (int i = 0; i < 1000; i++) {
                        sent += Kill.queue(signal, i) ? 1 : 0;
                    }
                    pipe.sink().write(Bytes.of("x"));
                    assertThat(Bytes.read(pipe.source())).isEqualTo("x");
                    int taken = taker.join();
                    while (taken < sent - before) {
                        signals.take();
                        taken++;
                    }
                    assertThat(signals.tryTake()).isEmpty();
                }
                assertThat(signals.dropped()).isZero();
                // A handler on another thread may still be at it.
                int all = sent;
                int kept =
                        idle.fd()
                                .use(number -> {
                                    Waiting.until(() -> kept(number) + idle.dropped() == all);
                                    return kept(number);
                                });
                assertThat(kept).isBetween(100, 8192);
                assertThat(idle.dropped()).isEqualTo(sent - kept).isPositive();
                idle.close();
                assertThat(idle.dropped()).isEqualTo(sent - kept);
            }
        });
    }

    private static int kept(int number) {
        return TestLibc.waitingBytes(number) / 128;
    }

    @EachConfiguration
    void theyCanBeSelectedBesideOthers(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var channel = Channel.<String>bounded(1);
            try (var signals = Signals.open(Signal.WINCH, Signal.URG)) {
                var selecting =
                        Waiting.untilParked(
                                Fiber.start(() ->
                                        Select.first(
                                                Select.when(
                                                        signals.arriving(),
                                                        info -> info.signal().toString()),
                                                Select.when(channel.receiving(), text -> text))));
                Kill.self(Signal.URG);
                assertThat(selecting.join()).isEqualTo("SIGURG");
                Kill.self(Signal.WINCH);
                channel.send("element");
                var both = new ArrayList<String>();
                for (int i = 0; i < 2; i++) {
                    both.add(
                            Select.first(
                                    Select.when(
                                            signals.arriving(), info -> info.signal().toString()),
                                    Select.when(channel.receiving(), text -> text)));
                }
                assertThat(both).containsExactlyInAnyOrder("SIGWINCH", "element");
            }
        });
    }

    @EachConfiguration
    void aSelectAndATakerShareWhatComes(Configuration configuration) throws Exception {
        configuration.run(() -> {
            Signal signal = Signal.realTime(5);
            try (var signals = Signals.open(signal)) {
                var taker = Waiting.untilParked(Fiber.start(() -> signals.take().value()));
                var selecting =
                        Waiting.untilParked(
                                Fiber.start(() ->
                                        Select.<Long>first(
                                                Select.when(
                                                        signals.arriving(),
                                                        info -> info.value()))));
                Kill.queue(signal, 1);
                Kill.queue(signal, 2);
                assertThat(List.of(taker.join(), selecting.join()))
                        .containsExactlyInAnyOrder(1L, 2L);
            }
        });
    }

    @EachConfiguration
    void whoWaitsIsCancelledOrOutOfTimeOrToldOfTheClose(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            var signals = Signals.open(Signal.WINCH);
            var cancelled = Waiting.untilParked(Fiber.start(() -> signals.take()));
            cancelled.cancel();
            assertThatThrownBy(() -> cancelled.join())
                    .hasRootCauseInstanceOf(CancelledException.class);
            assertThatThrownBy(() -> signals.take(Duration.ofMillis(1)))
                    .isInstanceOf(DeadlineException.class);
            Kill.self(Signal.WINCH);
            assertThat(signals.take(Duration.ofSeconds(9)).signal()).isEqualTo(Signal.WINCH);
            var count = new AtomicInteger();
            var iterating =
                    Waiting.untilParked(
                            Fiber.start(() -> {
                                for (var _ : signals) {
                                    count.incrementAndGet();
                                }
                            }));
            Kill.self(Signal.WINCH);
            Waiting.until(() -> count.get() == 1);
            signals.close();
            iterating.join();
            assertThatThrownBy(() -> signals.take()).isInstanceOf(ClosedChannelException.class);
        });
    }

    @EachConfiguration
    void aTakerIsToldOfTheClose(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var signals = Signals.open(Signal.WINCH);
            var failure =
                    Waiting.untilParked(
                            Fiber.start(() -> {
                                try {
                                    return signals.take().toString();
                                } catch (AsynchronousCloseException e) {
                                    return "closed";
                                }
                            }));
            signals.close();
            assertThat(failure.join()).isEqualTo("closed");
        });
    }

    @EachConfiguration
    void theEndOfAChildIsTold(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var signals = Signals.open(Signal.CHLD)) {
                var process = new ProcessBuilder("sh", "-c", "exit 7").start();
                SignalInfo info = signals.take();
                while (info.pid() != process.pid()) {
                    info = signals.take();
                }
                assertThat(info.cause()).isEqualTo(Cause.CHILD);
                assertThat(info.status()).isEqualTo(7);
                assertThat(process.waitFor()).isEqualTo(7);
            }
        });
    }
}
