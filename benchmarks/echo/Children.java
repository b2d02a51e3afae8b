import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** The processes that this benchmark has started; ends them, and nothing else, on Ctrl-C too. */
final class Children implements AutoCloseable {
    private static final long GRACE_SECONDS = 3;

    private final List<Process> started = new ArrayList<>();
    private boolean ended;

    Children() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::end, "end-children"));
    }

    /** Starts the command pinned to one core; taskset execs it, so the pid is the command's. */
    synchronized Process start(int core, ProcessBuilder builder) throws IOException {
        if (ended) {
            throw new IOException("the benchmark is ending");
        }
        builder.command().addAll(0, List.of("taskset", "-c", Integer.toString(core)));
        Process process = builder.start();
        started.removeIf(child -> !child.isAlive());
        started.add(process);
        return process;
    }

    private synchronized void end() {
        ended = true;
        var all = started.stream().flatMap(Children::withDescendants).toList();
        all.forEach(ProcessHandle::destroy);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(GRACE_SECONDS);
        all.forEach(child -> endBy(deadline, child));
    }

    // A launcher that does not exec leaves a server that only its own descendants tell of.
    private static Stream<ProcessHandle> withDescendants(Process child) {
        return Stream.concat(child.descendants(), Stream.of(child.toHandle()));
    }

    private static void endBy(long deadline, ProcessHandle child) {
        try {
            child.onExit().get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            child.destroyForcibly();
        } catch (ExecutionException e) {
            throw new AssertionError("onExit does not fail", e);
        } catch (InterruptedException e) {
            child.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        end();
    }
}
