package dev.volokno.engine;

/** Ends a wait for the loop itself. */
record Fill(Cell cell) implements LoopTask {
    @Override
    public void runOnLoop() {
        cell.fill();
    }

    @Override
    public void abandoned() {
        cell.fill();
    }
}
