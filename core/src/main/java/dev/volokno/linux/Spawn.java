package dev.volokno.linux;

import static dev.volokno.linux.Native.INT;
import static dev.volokno.linux.Native.POINTER;

import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/** {@code <spawn.h>}. These functions return the errno, here negated as everywhere. */
public final class Spawn {
    public static final int POSIX_SPAWN_SETPGROUP = 0x02;
    public static final int POSIX_SPAWN_SETSIGDEF = 0x04;
    public static final int POSIX_SPAWN_SETSIGMASK = 0x08;
    public static final int POSIX_SPAWN_SETSID = 0x80;

    /** Size of {@code posix_spawnattr_t}. */
    public static final int ATTRIBUTES_SIZE = 336;

    /** Size of {@code posix_spawn_file_actions_t}. */
    public static final int ACTIONS_SIZE = 80;

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT;

    private static final MethodHandle SPAWNP =
            Native.plain("posix_spawnp", INT, POINTER, POINTER, POINTER, POINTER, POINTER, POINTER);
    private static final MethodHandle INIT_ATTRIBUTES = one("posix_spawnattr_init");
    private static final MethodHandle DESTROY_ATTRIBUTES = one("posix_spawnattr_destroy");
    private static final MethodHandle SET_FLAGS =
            Native.plain("posix_spawnattr_setflags", INT, POINTER, SHORT);
    private static final MethodHandle SET_MASK =
            Native.plain("posix_spawnattr_setsigmask", INT, POINTER, POINTER);
    private static final MethodHandle SET_DEFAULT =
            Native.plain("posix_spawnattr_setsigdefault", INT, POINTER, POINTER);
    private static final MethodHandle INIT_ACTIONS = one("posix_spawn_file_actions_init");
    private static final MethodHandle DESTROY_ACTIONS = one("posix_spawn_file_actions_destroy");
    private static final MethodHandle ADD_DUP2 =
            Native.plain("posix_spawn_file_actions_adddup2", INT, POINTER, INT, INT);
    private static final MethodHandle ADD_CLOSE =
            Native.plain("posix_spawn_file_actions_addclose", INT, POINTER, INT);
    private static final MethodHandle ADD_OPEN =
            Native.plain("posix_spawn_file_actions_addopen", INT, POINTER, INT, POINTER, INT, INT);
    private static final MethodHandle ADD_CHDIR =
            Native.plain("posix_spawn_file_actions_addchdir_np", INT, POINTER, POINTER);

    /** Since glibc 2.34. */
    private static final @Nullable MethodHandle ADD_CLOSE_FROM =
            Native.plainIfThere("posix_spawn_file_actions_addclosefrom_np", INT, POINTER, INT);

    private Spawn() {}

    private static MethodHandle one(String name) {
        return Native.plain(name, INT, POINTER);
    }

    /** {@code pid} receives an {@code int}; the program is looked for in our own PATH. */
    public static int posixSpawnp(
            long pid, long file, long actions, long attributes, long argv, long environment) {
        try {
            return -(int) SPAWNP.invokeExact(pid, file, actions, attributes, argv, environment);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static int initAttributes(long attributes) {
        return call(INIT_ATTRIBUTES, attributes);
    }

    public static int destroyAttributes(long attributes) {
        return call(DESTROY_ATTRIBUTES, attributes);
    }

    public static int setFlags(long attributes, int flags) {
        try {
            return -(int) SET_FLAGS.invokeExact(attributes, (short) flags);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static int setMask(long attributes, long set) {
        return call(SET_MASK, attributes, set);
    }

    public static int setDefault(long attributes, long set) {
        return call(SET_DEFAULT, attributes, set);
    }

    public static int initActions(long actions) {
        return call(INIT_ACTIONS, actions);
    }

    public static int destroyActions(long actions) {
        return call(DESTROY_ACTIONS, actions);
    }

    /** A number onto itself loses its close-on-exec flag. */
    public static int addDup2(long actions, int from, int to) {
        try {
            return -(int) ADD_DUP2.invokeExact(actions, from, to);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static int addClose(long actions, int number) {
        return call(ADD_CLOSE, actions, number);
    }

    /** {@code path} is the address of a C string, which is copied. */
    public static int addOpen(long actions, int number, long path, int flags) {
        try {
            return -(int) ADD_OPEN.invokeExact(actions, number, path, flags, 0);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** {@code path} is the address of a C string, which is copied. */
    public static int addChdir(long actions, long path) {
        return call(ADD_CHDIR, actions, path);
    }

    /** Whether the C library has {@link #addCloseFrom}. */
    public static boolean canCloseFrom() {
        return ADD_CLOSE_FROM != null;
    }

    /** Closes {@code first} and all above. */
    public static int addCloseFrom(long actions, int first) {
        MethodHandle handle = ADD_CLOSE_FROM;
        if (handle == null) {
            return -Errno.ENOSYS.number();
        }
        return call(handle, actions, first);
    }

    private static int call(MethodHandle handle, long structure) {
        try {
            return -(int) handle.invokeExact(structure);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private static int call(MethodHandle handle, long structure, long argument) {
        try {
            return -(int) handle.invokeExact(structure, argument);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private static int call(MethodHandle handle, long structure, int argument) {
        try {
            return -(int) handle.invokeExact(structure, argument);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
