package dev.volokno.process;

import dev.volokno.linux.Errno;
import dev.volokno.linux.Fcntl;
import dev.volokno.linux.Memory;
import dev.volokno.linux.SignalH;
import dev.volokno.linux.Spawn;
import dev.volokno.linux.SysPidfd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Starts one child by posix_spawn(3): the calling thread waits until the program runs, and no
 * memory of ours is copied. Everything of it happens on a worker, in one go, so that nobody can be
 * cancelled between a child and its pidfd.
 */
final class Launch {
    private static final int FIRST_EXTRA = 3;

    private final Command command;
    private final ChildFiles files;
    private final Arena arena;
    private int pidfd = -1;
    private String failedCall = "posix_spawn";

    /** {@code arena} lives until the launch is over. */
    Launch(Command command, Arena arena) {
        this.command = command;
        this.arena = arena;
        files = new ChildFiles(command.files());
    }

    ChildFiles files() {
        return files;
    }

    int pidfd() {
        return pidfd;
    }

    String failedCall() {
        return failedCall;
    }

    /** The child's number, or the negated errno of what failed; nothing is left of that. */
    long make(MemorySegment errno) {
        long result = files.open(errno);
        if (result < 0) {
            failedCall = files.failedCall();
        } else {
            result = spawn(errno);
        }
        if (Errno.EBADF.is(result)) {
            // What is copied is open; it is to become a number beyond the limit of open files.
            result = -Errno.EMFILE.number();
        }
        files.closeChilds(errno);
        if (result < 0) {
            files.closeOurs(errno);
        }
        return result;
    }

    private long spawn(MemorySegment errno) {
        long actions = arena.allocate(Spawn.ACTIONS_SIZE, Long.BYTES).address();
        long attributes = arena.allocate(Spawn.ATTRIBUTES_SIZE, Long.BYTES).address();
        long result = Spawn.initActions(actions);
        if (result < 0) {
            return result;
        }
        try {
            Spawn.initAttributes(attributes);
            result = firstOf(describeFiles(actions), describeRest(actions, attributes));
            return result < 0 ? result : spawn(errno, actions, attributes);
        } finally {
            Spawn.destroyAttributes(attributes);
            Spawn.destroyActions(actions);
        }
    }

    private long spawn(MemorySegment errno, long actions, long attributes) {
        long pid = arena.allocate(Integer.BYTES, Integer.BYTES).address();
        List<String> arguments = arguments();
        long argv = strings(arguments);
        long environment = new EnvironmentBlock(command.environment()).address(arena);
        long file = Memory.getLong(argv);
        int result = Spawn.posixSpawnp(pid, file, actions, attributes, argv, environment);
        return result < 0 ? result : open(errno, Memory.getInt(pid));
    }

    private long open(MemorySegment errno, int pid) {
        pidfd = SysPidfd.open(errno, pid);
        if (pidfd >= 0) {
            return pid;
        }
        failedCall = "pidfd_open";
        new Reaper(pid).killAndReapByNumber(errno);
        return pidfd;
    }

    private List<String> arguments() {
        Command.User user = command.user();
        if (user == null) {
            return command.arguments();
        }
        var all = new ArrayList<>(List.of("setpriv", "--clear-groups"));
        all.add("--reuid=" + user.uid());
        all.add("--regid=" + user.gid());
        all.add("--");
        all.addAll(command.arguments());
        return all;
    }

    private long strings(List<String> strings) {
        long array = arena.allocate((strings.size() + 1L) * Long.BYTES, Long.BYTES).address();
        for (int i = 0; i < strings.size(); i++) {
            Memory.putLong(
                    array + (long) i * Long.BYTES, arena.allocateFrom(strings.get(i)).address());
        }
        return array;
    }

    // ---- what is done in the child

    private long describeFiles(long actions) {
        var sources = new TreeMap<>(files.sources());
        int free = firstFree(sources);
        long result = 0;
        if (command.session() == Command.Session.NEW_TERMINAL && sources.containsKey(0)) {
            // A session's first terminal that its leader opens becomes its own.
            long path = arena.allocateFrom("/proc/self/fd/" + sources.get(0)).address();
            result = Spawn.addOpen(actions, free, path, Fcntl.O_RDWR);
            sources.put(0, free++);
        }
        if (crosses(sources)) {
            for (Map.Entry<Integer, Integer> entry : sources.entrySet()) {
                result = firstOf(result, Spawn.addDup2(actions, entry.getValue(), free));
                entry.setValue(free++);
            }
        }
        for (Map.Entry<Integer, Integer> entry : sources.entrySet()) {
            result = firstOf(result, Spawn.addDup2(actions, entry.getValue(), entry.getKey()));
        }
        return firstOf(result, closeRest(actions, sources, free));
    }

    /** Beyond all that are named. */
    private static int firstFree(Map<Integer, Integer> sources) {
        int free = FIRST_EXTRA;
        for (Map.Entry<Integer, Integer> entry : sources.entrySet()) {
            free = Math.max(free, Math.max(entry.getKey(), entry.getValue()) + 1);
        }
        return free;
    }

    /** Whether a number is overwritten that another one has still to be made of. */
    private static boolean crosses(Map<Integer, Integer> sources) {
        return sources.entrySet().stream()
                .anyMatch(entry ->
                        !entry.getKey().equals(entry.getValue())
                                && sources.containsKey(entry.getValue()));
    }

    /** Close-on-exec is no rule that the JDK and C libraries keep. */
    private static long closeRest(long actions, Map<Integer, Integer> targets, int free) {
        long result = 0;
        for (int number = FIRST_EXTRA; number < free; number++) {
            if (!targets.containsKey(number)) {
                result = firstOf(result, Spawn.addClose(actions, number));
            }
        }
        if (Spawn.canCloseFrom()) {
            return firstOf(result, Spawn.addCloseFrom(actions, free));
        }
        String[] open = Path.of("/proc/self/fd").toFile().list();
        for (String name : open == null ? new String[0] : open) {
            int number = Integer.parseInt(name);
            if (number >= free) {
                result = firstOf(result, Spawn.addClose(actions, number));
            }
        }
        return result;
    }

    private long describeRest(long actions, long attributes) {
        long result = 0;
        Path directory = command.directory();
        if (directory != null) {
            long path = arena.allocateFrom(directory.toString()).address();
            result = Spawn.addChdir(actions, path);
        }
        long none = arena.allocate(SignalH.SIGSET_SIZE, Long.BYTES).address();
        long all = arena.allocate(SignalH.SIGSET_SIZE, Long.BYTES).address();
        for (int signal = 1; signal <= SignalH.LAST; signal++) {
            SignalH.addToSet(all, signal);
        }
        result = firstOf(result, Spawn.setMask(attributes, none));
        result = firstOf(result, Spawn.setDefault(attributes, all));
        int flags = Spawn.POSIX_SPAWN_SETSIGMASK | Spawn.POSIX_SPAWN_SETSIGDEF;
        return firstOf(result, Spawn.setFlags(attributes, flags | sessionFlag(command.session())));
    }

    private static int sessionFlag(Command.Session session) {
        return switch (session) {
            case OURS -> 0;
            case NEW_GROUP -> Spawn.POSIX_SPAWN_SETPGROUP;
            case NEW_SESSION, NEW_TERMINAL -> Spawn.POSIX_SPAWN_SETSID;
        };
    }

    private static long firstOf(long before, long result) {
        return before < 0 ? before : result;
    }
}
