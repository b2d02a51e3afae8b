package dev.volokno.engine;

import dev.volokno.backend.Handle;
import dev.volokno.backend.Operation;
import dev.volokno.backend.Pool;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;

/** The loop's calls that run on other threads, and those of them that nobody waits for any more. */
public final class WorkerCalls {
    private final Engine engine;
    private final Workers workers = new Workers();
    private final Set<Operation> leftBehind = ConcurrentHashMap.newKeySet();

    // Loop thread.
    private int awaited;

    /** A call of the kernel's. */
    @FunctionalInterface
    public interface Call {
        /** Makes the call: its result, or the negated errno. */
        long make(MemorySegment errno);
    }

    WorkerCalls(Engine engine) {
        this.engine = engine;
    }

    /**
     * On the loop: makes a call; {@code whenDone} gets the result, back on the loop. The loop waits
     * for it.
     */
    public void call(Pool pool, Call call, LongConsumer whenDone) {
        engine.callBegins();
        awaited++;
        workers.execute(pool, call, result -> engine.post(new CallAnswer(result, whenDone)));
    }

    /** On the loop: makes the call of an operation, which completes by it. */
    void start(Operation operation) {
        awaited++;
        operation.onWorker();
        workers.execute(
                operation.pool(),
                operation::callBlocking,
                result -> engine.post(new OperationAnswer(operation, result)));
    }

    /** On the loop: the operation goes on; its waiter does too if that is possible. */
    void cancel(Operation operation) {
        if (operation.canBeLeftBehind()) {
            awaited--;
            leftBehind.add(operation);
            operation.leaveBehind();
        }
    }

    /** On the loop: a fiber waits for a thread that is none of ours, or no longer does. */
    public void elsewhere(int change) {
        awaited += change;
    }

    /** On the loop: how many calls on other threads are waited for. */
    public int awaited() {
        return awaited;
    }

    /** What goes on although nobody waits for it any more. Any thread. */
    public Collection<Operation> leftBehind() {
        return leftBehind;
    }

    /** Whether one of them is on {@code handle}. Any thread. */
    public boolean isLeftBehindOn(Handle handle) {
        return leftBehind.stream().anyMatch(operation -> operation.handle() == handle);
    }

    void close() {
        workers.close();
    }

    private final class CallAnswer implements LoopTask {
        private final long result;
        private final LongConsumer receiver;

        CallAnswer(long result, LongConsumer receiver) {
            this.result = result;
            this.receiver = receiver;
        }

        @Override
        public void runOnLoop() {
            engine.callEnds();
            awaited--;
            receiver.accept(result);
        }

        @Override
        public void abandoned() {
            throw new AssertionError("the loop ended before a call of its own did");
        }
    }

    private final class OperationAnswer implements LoopTask {
        private final Operation operation;
        private final long result;

        OperationAnswer(Operation operation, long result) {
            this.operation = operation;
            this.result = result;
        }

        @Override
        public void runOnLoop() {
            if (!leftBehind.remove(operation)) {
                awaited--;
            }
            operation.complete(result);
        }

        @Override
        public void abandoned() {
            assert operation.isLeftBehind() : operation;
            operation.complete(result);
        }
    }
}
