package dev.volokno.testing;

import dev.volokno.backend.Backend;
import dev.volokno.backend.DelayingBackend;
import dev.volokno.backend.Handle;
import dev.volokno.backend.Operation;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Kind;
import dev.volokno.descriptor.Owned;
import dev.volokno.engine.Engine;
import dev.volokno.linux.Errno;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where faults come between an operation and the kernel. Loop thread. */
final class FaultSeam implements DelayingBackend.Plan {
    private static final long WOULD_BLOCK = -Errno.EAGAIN.number();

    private final Faults faults;
    private final Random random;
    private final Set<Handle> hungUp = new HashSet<>();

    // Of the operation that is about to be submitted.
    private int delayBefore;
    private int delayAfter;

    FaultSeam(Faults faults, Random random) {
        this.faults = faults;
        this.random = random;
    }

    /** The answer that an operation gets instead of the kernel's; PENDING for none. */
    long answer(Operation operation, boolean mayWait, Engine engine) {
        Handle handle = operation.handle();
        // What concerns no descriptor of the loop's does not pass through its backend.
        boolean waits = handle != null && operation.mayWait();
        String descriptor = handle == null ? "" : handle.toString();
        var point = new FaultPoint(operation.call(), descriptor, waits, operation.requested());
        @Nullable Fault fault = faults.at(point, random).orElse(null);
        delayBefore = 0;
        delayAfter = 0;
        if (handle != null && hungUp.contains(handle)) {
            return hungUp(operation, engine);
        }
        return switch (fault) {
            case null -> Backend.PENDING;
            case Fault.Shortens limit -> {
                operation.shorten(limit.bytes());
                yield Backend.PENDING;
            }
            case Fault.Again _ -> {
                delayBefore = waits ? 1 : 0;
                yield mayWait || !waits ? Backend.PENDING : WOULD_BLOCK;
            }
            case Fault.Late late -> {
                delayAfter = waits ? late.turns() : 0;
                yield Backend.PENDING;
            }
            case Fault.Fails failure -> -Errno.valueOf(failure.errno()).number();
            case Fault.HangsUp _ -> {
                if (handle == null) {
                    yield Backend.PENDING;
                }
                hungUp.add(handle);
                yield hungUp(operation, engine);
            }
        };
    }

    private static long hungUp(Operation operation, Engine engine) {
        boolean terminal = isTerminal(operation.handle(), engine);
        return switch (operation.call()) {
            case "recv" -> -Errno.ECONNRESET.number();
            case "send" -> -Errno.EPIPE.number();
            case "read" -> terminal ? -Errno.EIO.number() : 0;
            case "write" -> terminal ? -Errno.EIO.number() : -Errno.EPIPE.number();
            case "poll" -> operation.readiness();
            default -> Backend.PENDING;
        };
    }

    private static boolean isTerminal(@Nullable Handle handle, Engine engine) {
        for (Descriptor descriptor : Owned.of(engine)) {
            if (descriptor.handle() == handle) {
                Kind kind = descriptor.kind();
                return kind == Kind.TERMINAL || kind == Kind.SERIAL || kind == Kind.PTY_MASTER;
            }
        }
        return false;
    }

    @Override
    public int before(Operation operation) {
        int delay = delayBefore;
        delayBefore = 0;
        return delay;
    }

    @Override
    public int after(Operation operation) {
        int delay = delayAfter;
        delayAfter = 0;
        return delay;
    }
}
