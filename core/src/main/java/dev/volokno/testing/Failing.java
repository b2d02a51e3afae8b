package dev.volokno.testing;

import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Other faults, and one more at one of the operations. */
final class Failing implements Faults {
    private final Faults others;
    private final int index;
    private final Fault fault;
    private int count;
    private @Nullable FaultPoint where;

    Failing(Faults others, int index, Fault fault) {
        this.others = others;
        this.index = index;
        this.fault = fault;
    }

    @Override
    public Optional<Fault> at(FaultPoint point, RandomGenerator random) {
        if (count++ != index) {
            return others.at(point, random);
        }
        where = point;
        return Optional.of(fault);
    }

    /** How many operations there were. */
    int count() {
        return count;
    }

    @Nullable FaultPoint where() {
        return where;
    }
}
