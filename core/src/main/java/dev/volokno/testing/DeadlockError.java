package dev.volokno.testing;

/**
 * Nothing in a {@link TestLoop} can happen any more, and fibers still wait. The message is the tree
 * of scopes and fibers, with what each waits for.
 */
public final class DeadlockError extends AssertionError {
    private static final long serialVersionUID = 1L;

    DeadlockError(String dump) {
        super("deadlock: nothing can happen any more, and these still wait\n" + dump);
    }
}
