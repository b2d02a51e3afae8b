package dev.volokno.fiber;

/** To whom a fiber belongs; it is told of the fiber's end in the fiber itself. */
interface Family {
    /**
     * The fiber ends as {@link Fiber#outcome} says, which nobody else knows yet: whoever learns of
     * a failure finds its scope cancelled.
     */
    void ending(Fiber<?> fiber);

    /** It has ended, and everybody may know. */
    void ended(Fiber<?> fiber);
}
