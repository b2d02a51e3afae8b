package dev.volokno.backend;

import dev.volokno.SystemCallException;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Chooses and opens a backend. */
public final class Backends {
    /** What a kernel, a container's filter or a sysctl answers where rings are not to be had. */
    private static final Set<String> REFUSALS =
            Set.of("EPERM", "EACCES", "ENOSYS", "ENOMEM", "EMFILE", "EOPNOTSUPP");

    private Backends() {}

    /** io_uring where it is allowed, else epoll. */
    public static Backend openBest() throws IOException {
        try {
            return new UringBackend();
        } catch (SystemCallException refused) {
            if (!REFUSALS.contains(refused.errno())) {
                throw refused;
            }
            return new EpollBackend();
        }
    }

    /** Why there is no ring here; null if there is. */
    public static @Nullable String whyNoRing() {
        try {
            new UringBackend().close();
            return null;
        } catch (IOException e) {
            return e.getMessage();
        }
    }
}
