package dev.volokno.engine;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The one place that knows how the JDK lets virtual threads run on a scheduler of ours: a
 * constructor that is not public in JDK 25 and needs {@code java.lang} to be open to this module.
 * With it come two more things that only the JDK can tell: the carrier of the current thread, and
 * the scoped values that are bound.
 */
public final class VirtualThreads {
    /** What to say when the door is shut. */
    public static final String SHUT =
            """
            Volokno runs fibers on the loop's own thread, and for that java.lang must be open to it. Start java with
                --add-opens java.base/java.lang=dev.volokno
            (ALL-UNNAMED instead of dev.volokno if the library is on the class path), or put that into JDK_JAVA_OPTIONS, or \
            'Add-Opens: java.base/java.lang' into the manifest of the jar given to java -jar. Where none of this can be done, \
            choose LoopOptions.unconfined(): it needs no flag, and is slower.\
            """;

    private static final @Nullable Access ACCESS = Access.open();

    private VirtualThreads() {}

    /** Whether virtual threads can be given a scheduler. */
    public static boolean schedulable() {
        return ACCESS != null;
    }

    /**
     * Lets the JDK make its socket pollers now. They are virtual threads of the scheduler that the
     * first to use a socket happens to run on, which must not be a loop: it ends.
     */
    static void makeSocketPollers() {
        Thread ordinary =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                Class.forName("sun.nio.ch.Poller", true, null);
                            } catch (ClassNotFoundException other) {
                                throw new LinkageError(
                                        "this JDK's sockets are not as JDK 25 has them", other);
                            }
                        });
        boolean interrupted = false;
        while (ordinary.isAlive()) {
            try {
                ordinary.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    static Thread.Builder.OfVirtual builder(Executor scheduler) {
        try {
            return (Thread.Builder.OfVirtual) access().builder.invokeExact(scheduler);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** The platform thread that runs the current thread; the current thread itself if it is one. */
    static Thread carrier() {
        try {
            return (Thread) Access.CARRIER.invokeExact();
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Gives a thread that has not started the scoped values of the current one. */
    static void inheritScopedValues(Thread unstarted) {
        try {
            access().inherit.invokeExact(unstarted);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    private static Access access() {
        if (ACCESS == null) {
            throw new IllegalStateException(SHUT);
        }
        return ACCESS;
    }

    private static AssertionError unexpected(Throwable t) {
        if (t instanceof Error error) {
            throw error;
        }
        return new AssertionError("this JDK's virtual threads are not as JDK 25 has them", t);
    }

    private record Access(MethodHandle builder, MethodHandle inherit) {
        // Static and final, so that the compiler sees through it: this one is called at every step.
        static final MethodHandle CARRIER = carrierHandle();

        static @Nullable Access open() {
            try {
                MethodHandles.Lookup own = MethodHandles.lookup();
                Class<?> builderClass =
                        Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder");
                MethodHandle builder =
                        MethodHandles.privateLookupIn(builderClass, own)
                                .findConstructor(
                                        builderClass,
                                        MethodType.methodType(void.class, Executor.class))
                                .asType(
                                        MethodType.methodType(
                                                Thread.Builder.OfVirtual.class, Executor.class));
                MethodHandles.Lookup scopedValues =
                        MethodHandles.privateLookupIn(ScopedValue.class, own);
                Class<?> snapshot = Class.forName("java.lang.ScopedValue$Snapshot");
                MethodHandle current =
                        scopedValues
                                .findStatic(
                                        ScopedValue.class,
                                        "scopedValueBindings",
                                        MethodType.methodType(snapshot))
                                .asType(MethodType.methodType(Object.class));
                MethodHandle set =
                        MethodHandles.privateLookupIn(Thread.class, own)
                                .findSetter(Thread.class, "scopedValueBindings", Object.class);
                return new Access(builder, MethodHandles.collectArguments(set, 1, current));
            } catch (IllegalAccessException shut) {
                return null;
            } catch (ReflectiveOperationException other) {
                throw new LinkageError(
                        "this JDK's virtual threads are not as JDK 25 has them", other);
            }
        }

        private static MethodHandle carrierHandle() {
            MethodType type = MethodType.methodType(Thread.class);
            try {
                return MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup())
                        .findStatic(Thread.class, "currentCarrierThread", type);
            } catch (IllegalAccessException shut) {
                return currentThread();
            } catch (NoSuchMethodException other) {
                throw new AssertionError(
                        "this JDK's virtual threads are not as JDK 25 has them", other);
            }
        }

        /**
         * Without access no virtual thread runs on a thread of ours, so the current thread answers
         * the question too.
         */
        private static MethodHandle currentThread() {
            try {
                return MethodHandles.lookup()
                        .findStatic(
                                Thread.class, "currentThread", MethodType.methodType(Thread.class));
            } catch (ReflectiveOperationException e) {
                throw new LinkageError("Thread.currentThread", e);
            }
        }
    }
}
