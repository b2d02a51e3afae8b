package dev.volokno.process;

import dev.volokno.linux.Errno;
import dev.volokno.linux.Memory;
import dev.volokno.linux.SignalH;
import dev.volokno.linux.SysPidfd;
import dev.volokno.linux.SysWait;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Waits for one child, once: whoever sees its end first takes it, and tells the others. */
final class Reaper {
    private final int pid;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable ExitStatus known;

    Reaper(int pid) {
        this.pid = pid;
    }

    /** How it ended; null if nobody has seen that yet. */
    @Nullable ExitStatus known() {
        return known;
    }

    /** Takes its end if that has come: 1, or 0, or a negated errno. Never blocks. */
    long reapNow(MemorySegment errno, int pidfd) {
        return reap(errno, pidfd, SysWait.WNOHANG);
    }

    /** Nobody will see its end any more: makes it come, and takes it. */
    long killAndReap(MemorySegment errno, int pidfd) {
        long result = known == null ? reapNow(errno, pidfd) : 1;
        if (result == 0) {
            SysPidfd.sendSignal(errno, pidfd, SignalH.SIGKILL);
            do {
                result = reap(errno, pidfd, 0);
            } while (Errno.EINTR.is(result));
        }
        return result;
    }

    /**
     * The same for one whose pidfd is missing. As long as nobody here has taken its end, the number
     * is its own.
     */
    void killAndReapByNumber(MemorySegment errno) {
        lock.lock();
        try {
            if (known == null) {
                SignalH.kill(errno, pid, SignalH.SIGKILL);
                int reaped;
                do {
                    reaped = SysWait.wait4(errno, pid, 0, 0);
                } while (Errno.EINTR.is(reaped));
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Two calls, because only the first knows a process by its pidfd, and only the second tells
     * what it has used. In between it cannot vanish: it is a zombie, and ours.
     */
    private long reap(MemorySegment errno, int pidfd, int options) {
        lock.lock();
        try (Arena arena = Arena.ofConfined()) {
            if (known != null) {
                return 1;
            }
            long siginfo = arena.allocate(SignalH.SIGINFO_SIZE, Long.BYTES).address();
            int look = SysWait.WEXITED | SysWait.WNOWAIT | options;
            int result = SysWait.waitPidfd(errno, pidfd, siginfo, look);
            if (result < 0 || Memory.getInt(siginfo + SignalH.SI_SIGNO) == 0) {
                return result;
            }
            long rusage = arena.allocate(SysWait.RUSAGE_SIZE, Long.BYTES).address();
            int taken = SysWait.wait4(errno, pid, SysWait.WNOHANG, rusage);
            if (taken < 0) {
                return taken;
            }
            known = ExitStatus.of(siginfo, rusage);
            return 1;
        } finally {
            lock.unlock();
        }
    }
}
