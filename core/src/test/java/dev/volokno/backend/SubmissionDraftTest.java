package dev.volokno.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.engine.Engine;
import dev.volokno.fd.EventFd;
import dev.volokno.fiber.Fiber;
import dev.volokno.linux.IoUring;
import dev.volokno.linux.Poll;
import dev.volokno.loop.Loop;
import dev.volokno.loop.LoopOptions;
import dev.volokno.support.Waiting;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Fibers that leave the loop's thread while they fill a ring's entry. */
class SubmissionDraftTest {
    private static final LoopOptions RING = LoopOptions.defaults().withBackend("io_uring");

    @Test
    void anEntryThatIsHalfFilledDoesNotGoOut() throws Exception {
        Loop.run(
                RING,
                () -> {
                    Engine engine = Loop.current().engine();
                    try (var slow = EventFd.open();
                            var other = EventFd.open()) {
                        var slowPoll = slow.fd().use(Dawdling::new);
                        var dawdler = Fiber.start(() -> engine.perform(slowPoll));
                        var bystander = Fiber.start(() -> other.fd().awaitReadable());
                        Waiting.untilParked(bystander);
                        Waiting.untilParked(dawdler);
                        slow.add(1);
                        assertThat(dawdler.join()).isEqualTo(Poll.POLLIN);
                        assertThat(bystander.state()).isEqualTo(Future.State.RUNNING);
                        other.add(1);
                        bystander.join();
                    }
                });
    }

    @Test
    void twoWhoFillAtOnceBothGetTheirOwn() throws Exception {
        Loop.run(
                RING,
                () -> {
                    Engine engine = Loop.current().engine();
                    try (var one = EventFd.open();
                            var other = EventFd.open()) {
                        var onePoll = one.fd().use(Dawdling::new);
                        var otherPoll = other.fd().use(Dawdling::new);
                        var first = Fiber.start(() -> engine.perform(onePoll));
                        var second = Fiber.start(() -> engine.perform(otherPoll));
                        Waiting.untilParked(first);
                        Waiting.untilParked(second);
                        other.add(1);
                        assertThat(second.join()).isEqualTo(Poll.POLLIN);
                        assertThat(first.state()).isEqualTo(Future.State.RUNNING);
                        one.add(1);
                        assertThat(first.join()).isEqualTo(Poll.POLLIN);
                    }
                });
    }

    /** A poll that lets others run amid its encoding, as a lock of the JDK's would. */
    private static final class Dawdling extends Operation {
        /** So many that the loop has turns between them. */
        private int yields = 300;

        Dawdling(int number) {
            super(new Handle(number, false));
        }

        @Override
        public String call() {
            return "poll";
        }

        @Override
        public int readiness() {
            return Poll.POLLIN;
        }

        @Override
        boolean encodable() {
            return true;
        }

        @Override
        void encode(long entry) {
            Sqe.begin(entry, IoUring.OP_POLL_ADD, number());
            while (yields-- > 0) {
                Thread.yield();
            }
            Sqe.poll(entry, number(), Poll.POLLIN);
        }

        @Override
        public long attempt(MemorySegment errno) {
            throw new AssertionError("a ring completes it");
        }
    }
}
