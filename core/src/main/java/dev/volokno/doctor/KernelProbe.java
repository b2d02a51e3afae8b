package dev.volokno.doctor;

import dev.volokno.backend.EpollBackend;
import dev.volokno.backend.UringBackend;
import dev.volokno.linux.Libc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tries what the library will use. */
final class KernelProbe {
    static final int CAP_SYS_ADMIN = 21;

    private KernelProbe() {}

    /**
     * Whether a ring could be had.
     *
     * @param text what it can do, or why there is none
     */
    record Uring(boolean allowed, String text) {}

    static Uring uring() throws IOException {
        try {
            var backend = new UringBackend();
            String capabilities = backend.capabilities();
            backend.close();
            return new Uring(true, "allowed, " + capabilities);
        } catch (IOException e) {
            return new Uring(false, "refused (" + e.getMessage() + ")" + sysctl());
        }
    }

    private static String sysctl() throws IOException {
        Path file = Path.of("/proc/sys/kernel/io_uring_disabled");
        return Files.exists(file)
                ? ", kernel.io_uring_disabled = " + Files.readString(file).strip()
                : "";
    }

    static String epollWait2() {
        try {
            var backend = new EpollBackend();
            backend.turn(1);
            backend.close();
            return "there: timers of less than a millisecond";
        } catch (IOException | AssertionError e) {
            return "missing: " + e.getMessage();
        }
    }

    static String libcVersion() {
        return "glibc " + Libc.version();
    }

    static boolean hasCapability(int number) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("CapEff:")) {
                return (Long.parseUnsignedLong(line.substring(7).strip(), 16) >> number & 1) == 1;
            }
        }
        return false;
    }
}
