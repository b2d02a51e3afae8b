package dev.volokno.process;

import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Scope;
import dev.volokno.loop.Loop;
import java.io.IOException;
import java.util.function.Consumer;

/** Tells what a loop is doing, whenever a signal asks for it. */
public final class LoopDump {
    private static final System.Logger LOGGER = System.getLogger("dev.volokno");

    private LoopDump() {}

    /**
     * Writes {@link Loop#dump} of the current loop to the logger {@code dev.volokno} each time
     * {@code signal} comes, by a daemon of {@code scope}: until that ends, and without keeping it
     * from ending.
     *
     * @throws IOException as {@link Signals#open} does
     */
    public static Fiber<Void> on(Scope scope, Signal signal) throws IOException {
        return on(scope, signal, dump -> LOGGER.log(System.Logger.Level.INFO, dump));
    }

    /** Like {@link #on(Scope, Signal)}, with the dump given to {@code receiver}. */
    public static Fiber<Void> on(Scope scope, Signal signal, Consumer<String> receiver)
            throws IOException {
        Loop loop = Loop.current();
        var signals = scope.own(Signals.open(signal));
        return scope.daemon(() -> {
            for (var _ : signals) {
                receiver.accept(loop.dump());
            }
        });
    }
}
