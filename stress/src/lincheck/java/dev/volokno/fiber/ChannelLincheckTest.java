package dev.volokno.fiber;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/**
 * Whatever threads do to a channel at once, it is as if they had done it one after the other. The
 * forms that park are jcstress's: a checker of whole histories cannot leave a call waiting.
 */
@Param(name = "element", gen = IntGen.class, conf = "1:5")
public class ChannelLincheckTest {
    private final Channel<Integer> channel = Channel.bounded(2);

    @Operation
    public String trySend(@Param(name = "element") int element) {
        try {
            return channel.trySend(element) ? "sent" : "full";
        } catch (ChannelClosedException closed) {
            return "closed";
        }
    }

    @Operation
    public int tryReceive() {
        return channel.tryReceive().orElse(0);
    }

    @Operation
    public int size() {
        return channel.size();
    }

    @Operation
    public boolean isClosed() {
        return channel.isClosed();
    }

    @Operation
    public void close() {
        channel.close();
    }

    @Test
    void callsAreLinearizable() {
        new StressOptions()
                .iterations(20)
                .invocationsPerIteration(500)
                .threads(3)
                .actorsPerThread(3)
                .check(ChannelLincheckTest.class);
    }
}
