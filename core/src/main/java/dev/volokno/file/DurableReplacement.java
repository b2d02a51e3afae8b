package dev.volokno.file;

import dev.volokno.fiber.Scope;
import dev.volokno.linux.SysStat;
import dev.volokno.linux.Unistd;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** New content for a file, wholly or not at all, whenever the machine stops. */
final class DurableReplacement {
    /** For taking the new file away, when that has become pointless. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private static final Set<PosixFilePermission> OWNER =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final Path path;
    private final @Nullable FileStatus former;

    private DurableReplacement(Path path, @Nullable FileStatus former) {
        this.path = path;
        this.former = former;
    }

    static void replace(Path path, RegularFile.Content content) throws IOException {
        of(path).replace(content);
    }

    /** What a link leads to is replaced, and the link stays. */
    private static DurableReplacement of(Path path) throws IOException {
        try {
            Path real = FileNames.realPath(path);
            return new DurableReplacement(real, FileNames.status(real));
        } catch (NoSuchFileException e) {
            return new DurableReplacement(path, null);
        }
    }

    private void replace(RegularFile.Content content) throws IOException {
        Path name = freeName();
        try {
            // Shielded: a file that is made for nobody would stay.
            RegularFile fresh = Scope.shield(GRACE, () -> RegularFile.open(name, options()));
            try (fresh) {
                content.writeTo(fresh);
                keepOwnerAndMode(fresh);
                fresh.sync();
            }
            FileNames.rename(name, path);
        } catch (Throwable e) {
            removeAfter(e, name);
            throw e;
        }
        Directories.sync(directory());
    }

    private Path directory() {
        Path parent = path.getParent();
        return parent == null ? Path.of(".") : parent;
    }

    private Path freeName() {
        long random = ThreadLocalRandom.current().nextLong();
        return path.resolveSibling(
                "." + path.getFileName() + "." + HexFormat.of().toHexDigits(random));
    }

    /** Nobody shall read what is new before it has the permissions of what it replaces. */
    private OpenOptions options() {
        OpenOptions options = OpenOptions.readWrite().createNew();
        return former == null ? options : options.mode(OWNER);
    }

    private void keepOwnerAndMode(RegularFile fresh) throws IOException {
        FileStatus kept = former;
        if (kept != null) {
            DiskCall.on(
                    fresh.fd().descriptor(),
                    "fchmod",
                    (errno, number) -> {
                        // Who may not give files away keeps it.
                        Unistd.fchown(errno, number, kept.owner(), kept.group());
                        return SysStat.fchmod(errno, number, kept.mode());
                    });
        }
    }

    private static void removeAfter(Throwable failure, Path name) {
        try {
            Scope.shield(GRACE, () -> FileNames.removeIfThere(name));
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
        }
    }
}
