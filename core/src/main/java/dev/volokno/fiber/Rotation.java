package dev.volokno.fiber;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Lists whose beginning moves on. */
final class Rotation {
    private Rotation() {}

    /** The same elements in the same circle, beginning at another one with each {@code turn}. */
    static <T> List<T> from(int turn, List<T> circle) {
        var rotated = new ArrayList<>(circle);
        Collections.rotate(rotated, -Math.floorMod(turn, circle.size()));
        return rotated;
    }
}
