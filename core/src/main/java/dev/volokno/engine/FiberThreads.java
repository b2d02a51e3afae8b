package dev.volokno.engine;

import org.jspecify.annotations.Nullable;

/**
 * Makes the threads of an engine's fibers: scheduled by the engine, or ordinary virtual ones if it
 * is unconfined.
 */
final class FiberThreads {
    private final Engine engine;
    private final @Nullable LoopScheduler scheduler;

    /** Kept for the loop's thread: a builder is not to be shared. */
    private final Thread.Builder.@Nullable OfVirtual builder;

    FiberThreads(Engine engine, boolean confined) {
        this.engine = engine;
        scheduler = confined ? new LoopScheduler(engine) : null;
        builder = scheduler == null ? null : VirtualThreads.builder(scheduler);
    }

    /** A thread that has not started, with the caller's scoped values where the JDK lets us. */
    Strand create(String name, Runnable body) {
        var start = new Start(body);
        Thread fiber = builder().name(name).unstarted(start);
        if (scheduler != null) {
            VirtualThreads.inheritScopedValues(fiber);
        }
        Strand strand = Strand.ofFiber(fiber, engine);
        start.strand = strand;
        return strand;
    }

    /** What a thread does that is in no wait of ours. */
    static String activity(Thread thread) {
        return switch (thread.getState()) {
            case NEW, RUNNABLE -> "ready or running";
            case TERMINATED -> "ended";
            case BLOCKED, WAITING, TIMED_WAITING -> "waits in " + placeOutsideTheJdk(thread);
        };
    }

    static boolean isParked(Thread thread) {
        return switch (thread.getState()) {
            case BLOCKED, WAITING, TIMED_WAITING -> true;
            case NEW, RUNNABLE, TERMINATED -> false;
        };
    }

    private static String placeOutsideTheJdk(Thread thread) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            String module = frame.getModuleName();
            if (module == null || !module.startsWith("java.")) {
                return frame.toString();
            }
        }
        return "the JDK";
    }

    private Thread.Builder.OfVirtual builder() {
        if (scheduler == null) {
            return Thread.ofVirtual();
        }
        return builder != null && engine.onLoop() ? builder : VirtualThreads.builder(scheduler);
    }

    private static final class Start implements Runnable {
        private final Runnable body;
        private @Nullable Strand strand;

        Start(Runnable body) {
            this.body = body;
        }

        @Override
        public void run() {
            Strand own = strand;
            assert own != null;
            own.bind();
            body.run();
        }
    }
}
