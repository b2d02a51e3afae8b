package dev.volokno.fiber;

import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** No element is lost, and none comes twice. */
public final class ChannelStress {
    private static final Duration HARDLY_ANY = Duration.ofNanos(1_000);

    private ChannelStress() {}

    /** A receiver gives up in the moment in which it is served. */
    @JCStressTest
    @Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "handed over")
    @Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "nobody was there")
    @Outcome(id = "true, false", expect = Expect.FORBIDDEN, desc = "lost")
    @Outcome(id = "false, true", expect = Expect.FORBIDDEN, desc = "sent after all")
    @State
    public static class ReceiverGivesUp {
        private final Channel<Integer> channel = Channel.rendezvous();

        @Actor
        public void sender(ZZ_Result result) {
            result.r1 = channel.trySend(1);
        }

        @Actor
        public void receiver(ZZ_Result result) {
            result.r2 = Deadline.tryWithin(HARDLY_ANY, () -> channel.receive()).isPresent();
        }
    }

    /** A sender gives up in the moment in which its element is taken. */
    @JCStressTest
    @Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "handed over")
    @Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "nobody was there")
    @Outcome(id = "true, false", expect = Expect.FORBIDDEN, desc = "lost")
    @Outcome(id = "false, true", expect = Expect.FORBIDDEN, desc = "sent after all")
    @State
    public static class SenderGivesUp {
        private final Channel<Integer> channel = Channel.rendezvous();

        @Actor
        public void sender(ZZ_Result result) {
            result.r1 = Deadline.tryWithin(HARDLY_ANY, () -> channel.send(1));
        }

        @Actor
        public void receiver(ZZ_Result result) {
            result.r2 = channel.tryReceive().isPresent();
        }
    }

    /** The channel is closed in the moment in which something is sent. */
    @JCStressTest
    @Outcome(id = "true, true, true", expect = Expect.ACCEPTABLE, desc = "sent and received")
    @Outcome(id = "true, false, true", expect = Expect.ACCEPTABLE, desc = "sent and left over")
    @Outcome(id = "false, false, false", expect = Expect.ACCEPTABLE, desc = "refused")
    @Outcome(expect = Expect.FORBIDDEN, desc = "lost, or sent twice")
    @State
    public static class Closing {
        private final Channel<Integer> channel = Channel.bounded(1);

        @Actor
        public void sender(ZZZ_Result result) {
            try {
                result.r1 = channel.trySend(1);
            } catch (ChannelClosedException refused) {
                result.r1 = false;
            }
        }

        @Actor
        public void receiver(ZZZ_Result result) {
            result.r2 = channel.tryReceive().isPresent();
        }

        @Actor
        public void closer() {
            channel.close();
        }

        @Arbiter
        public void end(ZZZ_Result result) {
            boolean left = channel.tryReceive().isPresent();
            result.r3 = left || result.r2;
        }
    }
}
