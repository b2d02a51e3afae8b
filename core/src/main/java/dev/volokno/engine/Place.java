package dev.volokno.engine;

/**
 * A place in a queue of those who wait for the same thing. A wait for the first of several things
 * has a place for each, and ends by one of them.
 */
public final class Place {
    private final Cell cell;
    private final int index;

    /** The {@code index}-th place of the wait that {@code cell} is. */
    public Place(Cell cell, int index) {
        this.cell = cell;
        this.index = index;
    }

    /** Ends the wait by this place, from any thread; false if it has ended already. */
    public boolean fill() {
        return cell.fill(index);
    }

    /** The wait it belongs to. */
    public Cell cell() {
        return cell;
    }

    /** Whether it belongs to a wait that still goes on, and to another one than {@code place}. */
    public boolean canMeet(Place place) {
        return cell != place.cell && cell.isEmpty();
    }
}
