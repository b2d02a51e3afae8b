package dev.volokno.foreign;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * Makes the function pointers by which a C library calls back. They live as long as the library's
 * handle.
 *
 * <p>What comes back runs below C's frames, in the driver's fiber: it must be short and must not
 * wait, and is refused if it tries. An exception would end the Java VM there, so none gets that
 * far: C gets 0 (or {@code NULL}) instead, and the exception ends the handle when the library has
 * returned.
 */
public final class Upcalls {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle FAILED;

    static {
        try {
            FAILED =
                    MethodHandles.lookup()
                            .findVirtual(
                                    Upcalls.class,
                                    "failed",
                                    MethodType.methodType(void.class, Throwable.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Arena arena;
    private @Nullable Throwable failure;

    Upcalls(Arena arena) {
        this.arena = arena;
    }

    /** Memory that lives as long as the handle; the driver's fiber alone can use it. */
    public Arena arena() {
        return arena;
    }

    /**
     * The pointer that calls {@code receiver}'s method {@code name}, which has the types of {@code
     * type}; {@code lookup} must have access to it.
     *
     * @throws IllegalArgumentException if there is no such method
     */
    public MemorySegment pointer(
            Lookup lookup, Object receiver, String name, FunctionDescriptor type) {
        try {
            return pointer(lookup.bind(receiver, name, type.toMethodType()), type);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(
                    receiver.getClass() + " has no method " + name + type.toMethodType(), e);
        }
    }

    /** The pointer that calls {@code target}. */
    @SuppressWarnings("restricted") // a callback is what this is
    public MemorySegment pointer(MethodHandle target, FunctionDescriptor type) {
        MethodHandle instead = FAILED.bindTo(this);
        Class<?> returned = type.toMethodType().returnType();
        if (returned == MemorySegment.class) {
            instead =
                    MethodHandles.filterReturnValue(
                            instead,
                            MethodHandles.constant(MemorySegment.class, MemorySegment.NULL));
        } else if (returned != void.class) {
            instead = MethodHandles.filterReturnValue(instead, MethodHandles.zero(returned));
        }
        MethodHandle guarded = MethodHandles.catchException(target, Throwable.class, instead);
        return LINKER.upcallStub(guarded, type, arena);
    }

    @SuppressWarnings("UnusedMethod") // found by its name
    private void failed(Throwable thrown) {
        if (failure == null) {
            failure = thrown;
        } else if (failure != thrown) {
            failure.addSuppressed(thrown);
        }
    }

    /** What a callback threw, if one did since this was asked last. */
    @Nullable Throwable takeFailure() {
        Throwable taken = failure;
        failure = null;
        return taken;
    }
}
