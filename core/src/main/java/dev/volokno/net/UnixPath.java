package dev.volokno.net;

import dev.volokno.fd.Fd;
import dev.volokno.linux.SysStat;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The file of a bound UNIX socket: a stale one is replaced, our own is removed at the end. */
final class UnixPath {
    private final Path path;
    private final @Nullable Object key;

    private UnixPath(Path path) throws IOException {
        this.path = path;
        key = keyOf(path);
    }

    /**
     * Binds {@code fd}; null if {@code local} is no path. A socket of that name to which nobody
     * listens any more is removed first; whatever else is there stays.
     */
    static @Nullable UnixPath bind(Fd fd, SocketType type, UnixAddress local) throws IOException {
        try {
            Sockets.bind(fd, local.encode());
        } catch (BindException e) {
            if (!local.isPath() || !isStale(local, type)) {
                throw e;
            }
            Files.delete(local.path());
            Sockets.bind(fd, local.encode());
        }
        return local.isPath() ? new UnixPath(local.path()) : null;
    }

    private static boolean isStale(UnixAddress local, SocketType type) throws IOException {
        if (!isSocket(local.path())) {
            return false;
        }
        try (Fd probe = UnixSetup.connect(type, local)) {
            return !probe.isOpen();
        } catch (ConnectException nobodyListens) {
            return true;
        } catch (IOException unclear) {
            return false;
        }
    }

    private static boolean isSocket(Path path) throws IOException {
        int type = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        return (type & SysStat.S_IFMT) == SysStat.S_IFSOCK;
    }

    private static Object keyOf(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    /** Sets the permissions, as chmod(1) takes them in octal. */
    void mode(int mode) throws IOException {
        Set<PosixFilePermission> allowed = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] highestFirst = PosixFilePermission.values();
        for (int bit = 0; bit < highestFirst.length; bit++) {
            if ((mode >> (highestFirst.length - 1 - bit) & 1) != 0) {
                allowed.add(highestFirst[bit]);
            }
        }
        Files.setPosixFilePermissions(path, allowed);
    }

    /** Removes the file, if it is still the one that was made. */
    void remove() throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && keyOf(path).equals(key)) {
            Files.deleteIfExists(path);
        }
    }
}
