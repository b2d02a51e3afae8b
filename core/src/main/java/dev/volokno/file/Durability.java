package dev.volokno.file;

import dev.volokno.SystemCallException;
import dev.volokno.backend.DirectOperation;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.linux.Errno;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What of a file is on its device, as far as fsync(2) tells. Linux reports a failed write-back once
 * and then takes the pages for written: a second fsync(2) would succeed, and the data be lost all
 * the same. So a failure is kept here, and told each time.
 */
final class Durability {
    private final Descriptor descriptor;
    private volatile @Nullable SystemCallException failed;

    Durability(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /** Makes one of the calls that wait for write-back. */
    void sync(String name, DirectOperation.Call call) throws IOException {
        SystemCallException before = failed;
        if (before != null) {
            var again = new SystemCallException(name, before.errno(), descriptor.toString(), LOST);
            again.initCause(before);
            throw again;
        }
        try {
            DiskCall.on(descriptor, name, call, late -> remember(name, late));
        } catch (SystemCallException e) {
            if (isLoss(Errno.valueOf(e.errno()))) {
                failed = e;
            }
            throw e;
        }
    }

    private static final String LOST = "told before: what was written until then may be lost";

    private void remember(String name, long result) {
        for (Errno errno : Errno.values()) {
            if (errno.is(result) && isLoss(errno)) {
                failed = new SystemCallException(name, errno.name(), descriptor.toString(), LOST);
            }
        }
    }

    /** Whether it tells of the data, and not of the call. */
    private static boolean isLoss(Errno errno) {
        return switch (errno) {
            case EINVAL, EBADF, EROFS, EINTR, EOPNOTSUPP, ESPIPE -> false;
            default -> true;
        };
    }
}
