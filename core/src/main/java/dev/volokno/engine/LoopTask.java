package dev.volokno.engine;

/** Something the engine's own machinery has to do on the loop's thread. */
public interface LoopTask {
    /** Runs on the loop's thread; must be short and must not wait. */
    void runOnLoop();

    /** The loop has ended before this could run. Any thread. */
    void abandoned();
}
