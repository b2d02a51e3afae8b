package dev.volokno.testing;

import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Decides what goes wrong with the operations of a {@link TestLoop}: a {@link FaultScript}, a
 * {@link FaultPlan}, or a function of your own. Called on the loop's thread before each of them.
 */
@FunctionalInterface
public interface Faults {
    /** What is to go wrong at this point, if anything. */
    Optional<Fault> at(FaultPoint point, RandomGenerator random);

    /** Nothing ever does. */
    static Faults none() {
        return (_, _) -> Optional.empty();
    }
}
