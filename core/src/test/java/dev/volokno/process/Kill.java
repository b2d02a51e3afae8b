package dev.volokno.process;

import dev.volokno.backend.Kernel;
import dev.volokno.linux.SignalH;
import dev.volokno.linux.SysWait;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Signals to this very process, and what it does with them. */
@SuppressWarnings("restricted") // sigqueue is bound here, for tests alone
final class Kill {
    static final int PID = (int) ProcessHandle.current().pid();

    private static final MethodHandle SIGQUEUE =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().findOrThrow("sigqueue"),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_LONG));

    private Kill() {}

    static void self(Signal signal) {
        try (Arena arena = Arena.ofConfined()) {
            int result = SignalH.kill(Kernel.newErrno(arena), PID, signal.number());
            assert result == 0 : result;
        }
    }

    static boolean queue(Signal signal, long value) {
        return queue(PID, signal, value);
    }

    /** False if the system queues no more. */
    static boolean queue(int pid, Signal signal, long value) {
        try {
            return (int) SIGQUEUE.invokeExact(pid, signal.number(), value) == 0;
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    /** Takes a child's end from whoever else is waiting for it. */
    static void waitFor(int pid) {
        try (Arena arena = Arena.ofConfined()) {
            int result = SysWait.wait4(Kernel.newErrno(arena), pid, 0, 0);
            assert result == pid : result;
        }
    }

    /** The handler's address: 0 for the default, 1 for none. */
    static long handler(Signal signal) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment action = arena.allocate(SignalH.SIGACTION_SIZE, 8);
            SignalH.sigaction(Kernel.newErrno(arena), signal.number(), 0, action.address());
            return action.get(ValueLayout.JAVA_LONG, SignalH.SA_HANDLER);
        }
    }
}
