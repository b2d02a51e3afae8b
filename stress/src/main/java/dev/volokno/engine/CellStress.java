package dev.volokno.engine;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Mode;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.Signal;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;
import org.openjdk.jcstress.infra.results.ZI_Result;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/** A wait has one end. */
public final class CellStress {
    private CellStress() {}

    /** What was waited for comes in the moment of the cancellation. */
    @JCStressTest
    @Outcome(id = "true, false, true", expect = Expect.ACCEPTABLE, desc = "it came")
    @Outcome(id = "false, true, false", expect = Expect.ACCEPTABLE, desc = "it was given up")
    @Outcome(expect = Expect.FORBIDDEN, desc = "both, neither, or one but told as the other")
    @State
    public static class FillVersusAbandon {
        private final Cell cell = new Cell(Thread.currentThread(), "a", "race");

        @Actor
        public void filler(ZZZ_Result result) {
            result.r1 = cell.fill();
        }

        @Actor
        public void canceller(ZZZ_Result result) {
            result.r2 = cell.abandon();
        }

        @Arbiter
        public void end(ZZZ_Result result) {
            result.r3 = cell.isFilled();
        }
    }

    /** Whoever waits is woken. */
    @JCStressTest(Mode.Termination)
    @Outcome(id = "TERMINATED", expect = Expect.ACCEPTABLE, desc = "woken")
    @Outcome(id = "STALE", expect = Expect.FORBIDDEN, desc = "waits for ever")
    @State
    public static class Waiting {
        private volatile @Nullable Cell cell;

        @Actor
        public void waiter() {
            var own = new Cell(Thread.currentThread(), "a", "race");
            cell = own;
            while (own.isEmpty()) {
                LockSupport.park(this);
            }
        }

        @Signal
        public void filler() {
            Cell seen = cell;
            while (seen == null) {
                Thread.onSpinWait();
                seen = cell;
            }
            seen.fill();
        }
    }

    /** Two of several things come in the same moment, and the time is over too. */
    @JCStressTest
    @Outcome(id = "true, false, false, 0", expect = Expect.ACCEPTABLE, desc = "the first came")
    @Outcome(id = "false, true, false, 1", expect = Expect.ACCEPTABLE, desc = "the second came")
    @Outcome(id = "false, false, true, -2", expect = Expect.ACCEPTABLE, desc = "given up")
    @Outcome(expect = Expect.FORBIDDEN, desc = "none, several, or one but told as another")
    @State
    public static class TwoPlacesAndATimer {
        private final Cell cell = new Cell(Thread.currentThread(), "the first of", "two");
        private final Place first = new Place(cell, 0);
        private final Place second = new Place(cell, 1);

        @Actor
        public void first(LLLL_Result result) {
            result.r1 = first.fill();
        }

        @Actor
        public void second(LLLL_Result result) {
            result.r2 = second.fill();
        }

        @Actor
        public void timer(LLLL_Result result) {
            result.r3 = cell.abandon();
        }

        @Arbiter
        public void end(LLLL_Result result) {
            result.r4 = cell.filledBy();
        }
    }

    /** What the filler has written before is there for whoever finds the cell filled. */
    @JCStressTest
    @Outcome(id = "false, 0", expect = Expect.ACCEPTABLE, desc = "not yet")
    @Outcome(id = "true, 1", expect = Expect.ACCEPTABLE, desc = "handed over")
    @Outcome(id = "true, 0", expect = Expect.FORBIDDEN, desc = "filled with nothing")
    @State
    public static class Handover {
        private final Cell cell = new Cell(Thread.currentThread(), "a", "race");
        private int element;

        @Actor
        public void filler() {
            element = 1;
            cell.fill();
        }

        @Actor
        public void waiter(ZI_Result result) {
            result.r1 = cell.isFilled();
            result.r2 = result.r1 ? element : 0;
        }
    }
}
