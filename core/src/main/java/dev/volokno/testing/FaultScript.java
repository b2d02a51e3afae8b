package dev.volokno.testing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Faults in the order they are to come. It may be added to before the loop runs and while it does.
 * {@link TestLoop#cancelEverywhere} and {@link TestLoop#failEverywhere} begin it anew at each run.
 *
 * {@snippet :
 * var faults = new FaultScript().on("recv", Fault.shortTransfer(1), Fault.late(3), Fault.errno("EIO"));
 * TestLoop.create().withFaults(faults).run(() -> session());
 * }
 */
public final class FaultScript implements Faults {
    private final List<Line> lines = new ArrayList<>();

    /** What the operations that match have to come. */
    private record Line(Predicate<FaultPoint> which, Deque<Optional<Fault>> left) {}

    /** An empty one. */
    public FaultScript() {}

    /**
     * The next calls of this name get these faults, one each.
     *
     * @param call the system call, as its manual page is named: {@code read}, {@code recv}, {@code
     *     accept4}
     */
    public FaultScript on(String call, Fault... inOrder) {
        return on(point -> point.call().equals(call), inOrder);
    }

    /** The next operations that match get these faults, one each. */
    public FaultScript on(Predicate<FaultPoint> which, Fault... inOrder) {
        lines.add(
                new Line(
                        which,
                        new ArrayDeque<>(Arrays.stream(inOrder).map(Optional::of).toList())));
        return this;
    }

    /**
     * The {@code skipped} next calls of this name are left alone, and the one after gets {@code
     * fault}.
     */
    public FaultScript after(int skipped, String call, Fault fault) {
        var left = new ArrayDeque<Optional<Fault>>();
        for (int i = 0; i < skipped; i++) {
            left.add(Optional.empty());
        }
        left.add(Optional.of(fault));
        lines.add(new Line(point -> point.call().equals(call), left));
        return this;
    }

    /** What has not come yet, to begin there once more. */
    FaultScript left() {
        var left = new FaultScript();
        for (Line line : lines) {
            left.lines.add(new Line(line.which, new ArrayDeque<>(line.left)));
        }
        return left;
    }

    /** Goes back to where it was when {@link #left} told. */
    void beginAt(FaultScript left) {
        lines.clear();
        lines.addAll(left.left().lines);
    }

    /** Whether everything has come. */
    public boolean isOver() {
        return lines.stream().allMatch(line -> line.left.isEmpty());
    }

    @Override
    public Optional<Fault> at(FaultPoint point, RandomGenerator random) {
        for (Line line : lines) {
            if (!line.left.isEmpty() && line.which.test(point)) {
                return line.left.remove();
            }
        }
        return Optional.empty();
    }
}
