package dev.volokno.descriptor;

import dev.volokno.CancelledException;
import dev.volokno.descriptor.Turns.Direction;
import dev.volokno.engine.Bound;
import dev.volokno.engine.Strand;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Who may use a descriptor, and who closes it. What an actor tells: 0 if it was refused or gave up,
 * 1 if it was in as promised, 2 if it was in when it must not have been.
 */
public final class TurnsStress {
    private static final int OUT = 0;
    private static final int IN = 1;
    private static final int WRONGLY_IN = 2;

    private TurnsStress() {}

    private static final class Door {
        private final AtomicInteger closings = new AtomicInteger();
        private final AtomicInteger readers = new AtomicInteger();
        private final Turns turns = new Turns(closings::incrementAndGet);

        int enterAndLeave() {
            try {
                turns.enter();
            } catch (ClosedChannelException refused) {
                return OUT;
            }
            int seen = closings.get() == 0 ? IN : WRONGLY_IN;
            turns.leave();
            return seen;
        }

        int readAndLeave() {
            try {
                turns.enter(Direction.READ);
            } catch (ClosedChannelException | CancelledException refused) {
                return OUT;
            }
            boolean alone = readers.incrementAndGet() == 1;
            int seen = alone && closings.get() == 0 ? IN : WRONGLY_IN;
            readers.decrementAndGet();
            turns.leave(Direction.READ);
            return seen;
        }

        int readWithin(Duration allowed) {
            Strand strand = Strand.current();
            strand.bound(Bound.within(strand, allowed));
            try {
                return readAndLeave();
            } finally {
                strand.bound(null);
            }
        }

        void hold() {
            try {
                turns.enter(Direction.READ);
            } catch (ClosedChannelException e) {
                throw new AssertionError(e);
            }
        }

        int close() {
            boolean first = turns.close();
            if (first) {
                turns.leave();
            }
            return first ? 1 : 0;
        }
    }

    /** A user comes while the descriptor is closed. */
    @JCStressTest
    @Outcome(
            id = {"0, 1", "1, 1"},
            expect = Expect.ACCEPTABLE,
            desc = "refused, or in before; closed once")
    @Outcome(expect = Expect.FORBIDDEN, desc = "in after the closing, or not closed once")
    @State
    public static class EnterVersusClose {
        private final Door door = new Door();

        @Actor
        public void user(II_Result result) {
            result.r1 = door.enterAndLeave();
        }

        @Actor
        public void closer() {
            door.close();
        }

        @Arbiter
        public void end(II_Result result) {
            result.r2 = door.closings.get();
        }
    }

    /** A reader comes while the descriptor is closed. */
    @JCStressTest
    @Outcome(
            id = {"0, 1", "1, 1"},
            expect = Expect.ACCEPTABLE,
            desc = "refused, or in before; closed once")
    @Outcome(expect = Expect.FORBIDDEN, desc = "in after the closing, or not closed once")
    @State
    public static class ReadVersusClose {
        private final Door door = new Door();

        @Actor
        public void reader(II_Result result) {
            result.r1 = door.readAndLeave();
        }

        @Actor
        public void closer() {
            door.close();
        }

        @Arbiter
        public void end(II_Result result) {
            result.r2 = door.closings.get();
        }
    }

    /** Two close it. */
    @JCStressTest
    @Outcome(
            id = {"1, 0, 1", "0, 1, 1"},
            expect = Expect.ACCEPTABLE,
            desc = "one of them closes it, once")
    @Outcome(expect = Expect.FORBIDDEN, desc = "both close it, or neither, or not once")
    @State
    public static class TwoClosers {
        private final Door door = new Door();

        @Actor
        public void one(III_Result result) {
            result.r1 = door.close();
        }

        @Actor
        public void other(III_Result result) {
            result.r2 = door.close();
        }

        @Arbiter
        public void end(III_Result result) {
            result.r3 = door.closings.get();
        }
    }

    /** Two want to read: one after the other. */
    @JCStressTest
    @Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "each alone, and the turn is free")
    @Outcome(expect = Expect.FORBIDDEN, desc = "both at once, or the turn is lost")
    @State
    public static class TwoReaders {
        private final Door door = new Door();

        @Actor
        public void one(III_Result result) {
            result.r1 = door.readAndLeave();
        }

        @Actor
        public void other(III_Result result) {
            result.r2 = door.readAndLeave();
        }

        @Arbiter
        public void end(III_Result result) {
            result.r3 = door.turns.tryEnterAlone() ? 1 : 0;
        }
    }

    /** The reader leaves in the moment in which the next one gives up waiting. */
    @JCStressTest
    @Outcome(
            id = {"0, 1", "1, 1"},
            expect = Expect.ACCEPTABLE,
            desc = "it had its turn or gave up, and the turn is free")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the turn is lost")
    @State
    public static class HandOverVersusDeadline {
        private static final Duration ABOUT_A_HAND_OVER = Duration.ofNanos(20_000);

        private final Door door = new Door();

        public HandOverVersusDeadline() {
            door.hold();
        }

        @Actor
        public void reader() {
            door.turns.leave(Direction.READ);
        }

        @Actor
        public void next(II_Result result) {
            result.r1 = door.readWithin(ABOUT_A_HAND_OVER);
        }

        @Arbiter
        public void end(II_Result result) {
            result.r2 = door.turns.tryEnterAlone() ? 1 : 0;
        }
    }

    /** The reader leaves while the next one queues up and finds itself cancelled. */
    @JCStressTest
    @Outcome(
            id = {"0, 1", "1, 1"},
            expect = Expect.ACCEPTABLE,
            desc = "it had its turn or gave up, and the turn is free")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the turn is lost")
    @State
    public static class HandOverVersusCancelled {
        private final Door door = new Door();

        public HandOverVersusCancelled() {
            door.hold();
        }

        @Actor
        public void reader() {
            door.turns.leave(Direction.READ);
        }

        @Actor
        public void next(II_Result result) {
            result.r1 = door.readWithin(Duration.ZERO);
        }

        @Arbiter
        public void end(II_Result result) {
            result.r2 = door.turns.tryEnterAlone() ? 1 : 0;
        }
    }

    /** It is closed while one reads and another queues up. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "sent away, and closed once")
    @Outcome(expect = Expect.FORBIDDEN, desc = "let in after the closing, or not closed once")
    @State
    public static class QueueVersusClose {
        private final Door door = new Door();

        public QueueVersusClose() {
            door.hold();
        }

        @Actor
        public void closer() {
            door.close();
            door.turns.leave(Direction.READ);
        }

        @Actor
        public void next(II_Result result) {
            result.r1 = door.readAndLeave();
        }

        @Arbiter
        public void end(II_Result result) {
            result.r2 = door.closings.get();
        }
    }
}
