package dev.volokno.testing;

import dev.volokno.backend.Kernel;
import dev.volokno.backend.Operation;
import dev.volokno.backend.Pool;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Kind;
import dev.volokno.descriptor.Owned;
import dev.volokno.engine.Bound;
import dev.volokno.engine.Engine;
import dev.volokno.fiber.Fiber;
import dev.volokno.linux.Memory;
import dev.volokno.linux.Poll;
import dev.volokno.linux.SysIoctl;
import dev.volokno.linux.SysTimerfd;
import dev.volokno.linux.Time;
import dev.volokno.loop.Loop;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What may still come to a loop in which nothing can run, as far as one can tell. Loop thread. */
final class Outside {
    private final Loop loop;
    private final Engine engine;
    private final MemorySegment errno = Kernel.newErrno(Arena.ofAuto());
    private final MemorySegment timer = Arena.ofAuto().allocate(SysTimerfd.ITIMERSPEC_SIZE, 8);

    Outside(Loop loop) {
        this.loop = loop;
        engine = loop.engine();
    }

    /**
     * Whether a call on another thread is waited for: that ends some day. So does one on a file
     * that a cancelled fiber has left behind, and its locks and its number last until then.
     */
    boolean isCalled() {
        return engine.workers().awaited() > 0
                || engine.workers().leftBehind().stream()
                        .anyMatch(operation -> operation.pool() == Pool.FILES);
    }

    /** Whether a call goes on that nobody waits for; its end may be what somebody waits for. */
    boolean isAnythingLeftBehind() {
        return !engine.workers().leftBehind().isEmpty();
    }

    /**
     * Whether the kernel itself is still at work: something that is waited for is ready, or a
     * network has not taken all that was sent. Asking a terminal for its readiness also makes the
     * kernel hand on what is under way there (n_tty).
     */
    boolean isMoving() {
        for (Descriptor descriptor : Owned.of(engine)) {
            if (isAwaitedAndReady(descriptor) || hasUnsent(descriptor)) {
                return true;
            }
        }
        return false;
    }

    private boolean isAwaitedAndReady(Descriptor descriptor) {
        Operation operation = descriptor.handle().first();
        while (operation != null) {
            int events = operation.readiness();
            if (events != 0 && Poll.now(errno, scratch(), descriptor.number(), events) != 0) {
                return true;
            }
            operation = operation.nextOnHandle();
        }
        return false;
    }

    /** The real time to the first timer of the kernel's that is waited for; -1 if none is. */
    long toKernelTimer() {
        long first = Long.MAX_VALUE;
        for (Descriptor descriptor : Owned.of(engine)) {
            if (descriptor.kind() == Kind.ANY && descriptor.handle().first() != null) {
                first = Math.min(first, left(descriptor.number()));
            }
        }
        return first == Long.MAX_VALUE ? -1 : first;
    }

    /** The time left to a timer that is armed; the kernel tells whether it is one. */
    private long left(int number) {
        long left = timer.address() + SysTimerfd.IT_VALUE;
        boolean known = SysTimerfd.gettime(errno, number, timer.address()) == 0;
        Duration time =
                known ? Duration.ofSeconds(Time.seconds(left), Time.nanos(left)) : Duration.ZERO;
        return time.isZero() ? Long.MAX_VALUE : Bound.nanos(time);
    }

    private boolean hasUnsent(Descriptor descriptor) {
        return descriptor.kind() == Kind.SOCKET
                && SysIoctl.ioctl(errno, descriptor.number(), SysIoctl.TIOCOUTQ, scratch()) == 0
                && Memory.getInt(scratch()) > 0;
    }

    private long scratch() {
        return Kernel.scratch(errno);
    }

    /** The fibers that wait for something of the JDK's: others may know when it comes. */
    List<Fiber<?>> inJdkWaits() {
        var waiting = new ArrayList<Fiber<?>>();
        loop.visitFibers(fiber -> {
            if (fiber.strand().waitsInJdk()) {
                waiting.add(fiber);
            }
        });
        return waiting;
    }
}
