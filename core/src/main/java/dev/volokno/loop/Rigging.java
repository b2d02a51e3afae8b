package dev.volokno.loop;

import dev.volokno.backend.Backend;
import dev.volokno.engine.Engine;
import dev.volokno.engine.Steering;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Parts of a loop that a test brings along.
 *
 * @param decoration makes the backend that the loop works with out of the one that was chosen
 * @param steering in the place of time and chance, if any
 * @param atEnd gets the engine when nothing runs on it any more, before its descriptors are closed
 * @hidden for {@link dev.volokno.testing.TestLoop} alone
 */
@SuppressWarnings("exports") // nobody else can name the types
public record Rigging(
        UnaryOperator<Backend> decoration, @Nullable Steering steering, Consumer<Engine> atEnd) {
    /** A loop as it is. */
    static final Rigging NONE = new Rigging(UnaryOperator.identity(), null, _ -> {});
}
