package dev.volokno.process;

import dev.volokno.descriptor.Descriptor;
import dev.volokno.linux.Errno;
import dev.volokno.linux.Fcntl;
import dev.volokno.linux.Memory;
import dev.volokno.linux.SysIoctl;
import dev.volokno.linux.SysStat;
import dev.volokno.linux.Termios;
import dev.volokno.linux.Unistd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The descriptors of a child to be, as numbers of ours: opened by the worker that starts it, and
 * closed by it again.
 */
final class ChildFiles {
    private static final int CREATED = 0666;

    private final Map<Integer, Stdio> wanted;
    private final Map<Integer, Integer> sources = new TreeMap<>();
    private final Map<Integer, Integer> ourEnds = new TreeMap<>();
    private final List<Integer> childs = new ArrayList<>();
    private String failedCall = "";
    private String failedOn = "";

    ChildFiles(Map<Integer, Stdio> wanted) {
        this.wanted = wanted;
    }

    /** Which number of ours becomes which of the child's. */
    Map<Integer, Integer> sources() {
        return sources;
    }

    /** Our ends of the pipes, by the child's number. */
    Map<Integer, Integer> ourEnds() {
        return ourEnds;
    }

    /** The call that failed. */
    String failedCall() {
        return failedCall;
    }

    /** What it was made on. */
    String failedOn() {
        return failedOn;
    }

    /** Opens all; 0, or the negated errno of the first that failed. */
    long open(MemorySegment errno) {
        for (Map.Entry<Integer, Stdio> entry : wanted.entrySet()) {
            long number = open(errno, entry.getKey(), entry.getValue().source());
            if (number < 0) {
                return number;
            }
        }
        wanted.forEach((target, stdio) -> {
            if (stdio.source() instanceof Stdio.Source.SameAs same) {
                Integer source = sources.get(same.number());
                if (source != null) {
                    sources.put(target, source);
                }
            }
        });
        return 0;
    }

    private long open(MemorySegment errno, int target, Stdio.Source source) {
        return switch (source) {
            case Stdio.Source.Own own -> own(errno, target, own.number());
            case Stdio.Source.Piped piped -> pipe(errno, target, piped.way());
            case Stdio.Source.Opened opened -> file(errno, target, opened);
            case Stdio.Source.Given given -> given(errno, target, given.fd().descriptor());
            case Stdio.Source.SameAs _ -> 0;
        };
    }

    /** What is closed here is closed there. */
    private long own(MemorySegment errno, int target, int number) {
        int source = number < 0 ? target : number;
        if (Fcntl.fcntl(errno, source, Fcntl.F_GETFD, 0) >= 0) {
            sources.put(target, source);
        }
        return 0;
    }

    private long pipe(MemorySegment errno, int target, Stdio.Way way) {
        boolean toChild = way == Stdio.Way.USUAL ? target == 0 : way == Stdio.Way.TO_CHILD;
        try (Arena arena = Arena.ofConfined()) {
            long pair = arena.allocate(2L * Integer.BYTES, Integer.BYTES).address();
            int result = Unistd.pipe2(errno, pair, Fcntl.O_CLOEXEC);
            if (result < 0) {
                return failed("pipe2", result, "a pipe for its descriptor " + target);
            }
            int reading = Memory.getInt(pair);
            int writing = Memory.getInt(pair + Integer.BYTES);
            int ours = toChild ? writing : reading;
            // The two ends have flags of their own.
            Fcntl.fcntl(errno, ours, Fcntl.F_SETFL, Fcntl.O_NONBLOCK);
            ourEnds.put(target, ours);
            return childs(target, toChild ? reading : writing);
        }
    }

    private long file(MemorySegment errno, int target, Stdio.Source.Opened opened) {
        int anew = Fcntl.O_WRONLY | Fcntl.O_CREAT | Fcntl.O_TRUNC;
        int usual = target == 0 ? Fcntl.O_RDONLY : anew;
        int flags = opened.flags() < 0 ? usual : opened.flags();
        String path = opened.path().toString();
        long number = open(errno, path, flags);
        return number < 0 ? failed("open", number, path) : childs(target, (int) number);
    }

    private static long open(MemorySegment errno, String path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            long name = arena.allocateFrom(path).address();
            return Fcntl.open(errno, name, flags | Fcntl.O_CLOEXEC | Fcntl.O_NOCTTY, CREATED);
        }
    }

    /** Ours is non-blocking, which a program does not expect of a pipe or a terminal. */
    private long given(MemorySegment errno, int target, Descriptor descriptor) {
        int number = descriptor.number();
        boolean isPipe = SysStat.typeOf(errno, number) == SysStat.S_IFIFO;
        if (isPipe || isTerminal(errno, number)) {
            int access = Fcntl.fcntl(errno, number, Fcntl.F_GETFL, 0) & Fcntl.O_ACCMODE;
            long anew = open(errno, "/proc/self/fd/" + number, access | Fcntl.O_NONBLOCK);
            if (anew >= 0) {
                Fcntl.fcntl(errno, (int) anew, Fcntl.F_SETFL, 0);
                return childs(target, (int) anew);
            }
            if (Errno.EMFILE.is(anew) || Errno.ENFILE.is(anew)) {
                return failed("open", anew, descriptor.toString());
            }
        }
        sources.put(target, number);
        return 0;
    }

    /** Other devices, and a master too, would be new ones if they were opened anew. */
    private static boolean isTerminal(MemorySegment errno, int number) {
        try (Arena arena = Arena.ofConfined()) {
            long answer = arena.allocate(Termios.SIZE, Long.BYTES).address();
            return SysIoctl.ioctl(errno, number, SysIoctl.TCGETS2, answer) >= 0
                    && SysIoctl.ioctl(errno, number, SysIoctl.TIOCGPTN, answer) < 0;
        }
    }

    private long childs(int target, int number) {
        childs.add(number);
        sources.put(target, number);
        return 0;
    }

    private long failed(String call, long result, String on) {
        failedCall = call;
        failedOn = on;
        return result;
    }

    /** The child has its own now. */
    void closeChilds(MemorySegment errno) {
        childs.forEach(number -> Unistd.close(errno, number));
        childs.clear();
    }

    /** There will be no child. */
    void closeOurs(MemorySegment errno) {
        ourEnds.values().forEach(number -> Unistd.close(errno, number));
        ourEnds.clear();
    }
}
