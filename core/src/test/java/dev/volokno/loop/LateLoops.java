package dev.volokno.loop;

import dev.volokno.backend.Backend;
import dev.volokno.backend.DelayingBackend;
import dev.volokno.backend.Operation;
import java.util.function.UnaryOperator;

/** Loops whose calls are answered a turn late. */
public final class LateLoops {
    private LateLoops() {}

    /** Every operation begins a turn late and transfers no more than {@code longest} bytes. */
    private record Late(int longest) implements DelayingBackend.Plan {
        @Override
        public int before(Operation operation) {
            operation.shorten(longest);
            return 1;
        }

        @Override
        public int after(Operation operation) {
            return 0;
        }
    }

    public static LoopOptions late(LoopOptions options) {
        return decorated(
                options, plain -> new DelayingBackend(plain, new Late(Integer.MAX_VALUE), null));
    }

    /** And which transfers single bytes. */
    public static LoopOptions byByte(LoopOptions options) {
        return decorated(options, plain -> new DelayingBackend(plain, new Late(1), null));
    }

    /** With another backend in the place of the one that was chosen. */
    static LoopOptions decorated(LoopOptions options, UnaryOperator<Backend> decoration) {
        return options.rigged(new Rigging(decoration, null, _ -> {}));
    }
}
