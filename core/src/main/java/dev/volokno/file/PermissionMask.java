package dev.volokno.file;

import dev.volokno.file.GuardOptions.Access;
import dev.volokno.linux.SysFanotify;

/** Which access a permission event is about. */
final class PermissionMask {
    private PermissionMask() {}

    static long of(GuardOptions options) {
        long mask = 0;
        for (Access access : options.accesses()) {
            mask |=
                    switch (access) {
                        case OPEN -> SysFanotify.FAN_OPEN_PERM;
                        case READ -> SysFanotify.FAN_ACCESS_PERM;
                        case EXECUTE -> SysFanotify.FAN_OPEN_EXEC_PERM;
                    };
        }
        return mask;
    }

    static Access access(long mask) {
        if ((mask & SysFanotify.FAN_OPEN_EXEC_PERM) != 0) {
            return Access.EXECUTE;
        }
        return (mask & SysFanotify.FAN_ACCESS_PERM) != 0 ? Access.READ : Access.OPEN;
    }
}
