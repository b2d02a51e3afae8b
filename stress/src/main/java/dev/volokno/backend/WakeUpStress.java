package dev.volokno.backend;

import dev.volokno.linux.Errno;
import dev.volokno.linux.SysEventfd;
import dev.volokno.linux.Unistd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A wake-up never goes to whoever has the number after the close. The descriptor is opened by the
 * first actor that comes, because thousands of states are made in advance; the closer then takes
 * the number again and looks whether something is written to it.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "nothing comes after the close")
@Outcome(expect = Expect.FORBIDDEN, desc = "a wake-up went to another file")
@State
public class WakeUpStress {
    private final AtomicReference<@Nullable WakeUp> shared = new AtomicReference<>();
    private volatile boolean signalled;

    @Actor
    public void signaller() {
        wakeUp().signal();
        signalled = true;
    }

    @Actor
    public void closer(I_Result result) {
        wakeUp().close();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Kernel.newErrno(arena);
            int next = eventfd(errno);
            while (!signalled) {
                Thread.onSpinWait();
            }
            long count = arena.allocate(Long.BYTES, Long.BYTES).address();
            long read = Unistd.read(errno, next, count, Long.BYTES);
            result.r1 = Errno.EAGAIN.is(read) ? 0 : 1;
            Unistd.close(errno, next);
        }
    }

    private WakeUp wakeUp() {
        WakeUp known = shared.get();
        if (known != null) {
            return known;
        }
        try (Arena arena = Arena.ofConfined()) {
            var own = new WakeUp(eventfd(Kernel.newErrno(arena)));
            WakeUp first = shared.compareAndExchange(null, own);
            if (first == null) {
                return own;
            }
            own.close();
            return first;
        }
    }

    private static int eventfd(MemorySegment errno) {
        int number = SysEventfd.eventfd(errno, 0, SysEventfd.EFD_NONBLOCK | SysEventfd.EFD_CLOEXEC);
        assert number >= 0 : Errno.nameOf(number);
        return number;
    }
}
