package dev.volokno.engine;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** The wake-up protocol: no item is slept upon, and a sleep is ended once. */
public final class InboxStress {
    private InboxStress() {}

    /** An item comes while the loop goes to sleep. */
    @JCStressTest
    @Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "found before the sleep")
    @Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "slept, and is woken")
    @Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "found, and woken in vain")
    @Outcome(id = "false, true", expect = Expect.FORBIDDEN, desc = "sleeps on an item")
    @State
    public static class FallingAsleep {
        private final Inbox<Integer> inbox = new Inbox<>();

        @Actor
        public void producer(ZZ_Result result) {
            result.r1 = inbox.put(1);
        }

        @Actor
        public void loop(ZZ_Result result) {
            result.r2 = inbox.prepareToSleep();
        }
    }

    /** Two items come while the loop sleeps. */
    @JCStressTest
    @Outcome(
            id = {"true, false", "false, true"},
            expect = Expect.ACCEPTABLE,
            desc = "one of them wakes it")
    @Outcome(expect = Expect.FORBIDDEN, desc = "woken never, or twice")
    @State
    public static class TwoProducers {
        private final Inbox<Integer> inbox = new Inbox<>();

        public TwoProducers() {
            inbox.prepareToSleep();
        }

        @Actor
        public void first(ZZ_Result result) {
            result.r1 = inbox.put(1);
        }

        @Actor
        public void second(ZZ_Result result) {
            result.r2 = inbox.put(2);
        }
    }

    /** The loop wakes by itself while an item comes, looks, and goes to sleep again. */
    @JCStressTest
    @Outcome(
            id = {"false, true, .*", "true, true, .*"},
            expect = Expect.ACCEPTABLE,
            desc = "found at the first look")
    @Outcome(id = ".*, false, false", expect = Expect.ACCEPTABLE, desc = "found at the second look")
    @Outcome(id = "true, false, true", expect = Expect.ACCEPTABLE, desc = "sleeps, and is woken")
    @Outcome(id = "false, false, true", expect = Expect.FORBIDDEN, desc = "sleeps on an item")
    @State
    public static class WakingByItself {
        private final Inbox<Integer> inbox = new Inbox<>();

        public WakingByItself() {
            inbox.prepareToSleep();
        }

        @Actor
        public void producer(ZZZ_Result result) {
            result.r1 = inbox.put(1);
        }

        @Actor
        public void loop(ZZZ_Result result) {
            inbox.awake();
            result.r2 = inbox.take() != null;
            result.r3 = inbox.prepareToSleep();
        }
    }
}
