package dev.volokno.file;

import dev.volokno.linux.Fcntl;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a file is opened (open(2), openat2(2)). Immutable; each method but the first four makes
 * another one with one thing changed.
 */
public final class OpenOptions {
    private static final int DEFAULT_MODE = 0666;
    private static final int NAMELESS = Fcntl.O_TMPFILE & ~Fcntl.O_DIRECTORY;

    private final int flags;
    private final int mode;
    private final @Nullable Path beneath;

    private OpenOptions(int flags, int mode, @Nullable Path beneath) {
        this.flags = flags;
        this.mode = mode;
        this.beneath = beneath;
    }

    /** For reading. */
    public static OpenOptions read() {
        return new OpenOptions(Fcntl.O_RDONLY, DEFAULT_MODE, null);
    }

    /** For writing. */
    public static OpenOptions write() {
        return new OpenOptions(Fcntl.O_WRONLY, DEFAULT_MODE, null);
    }

    /** For both. */
    public static OpenOptions readWrite() {
        return new OpenOptions(Fcntl.O_RDWR, DEFAULT_MODE, null);
    }

    /**
     * The JDK's {@link StandardOpenOption}s and {@link LinkOption#NOFOLLOW_LINKS}; reading, if none
     * says otherwise.
     *
     * @throws UnsupportedOperationException if there is another one, or {@code DELETE_ON_CLOSE}: a
     *     {@linkplain RegularFile#openTemporary temporary file} goes by itself
     */
    public static OpenOptions of(OpenOption... options) {
        Set<OpenOption> all = Set.of(options);
        boolean append = all.contains(StandardOpenOption.APPEND);
        boolean write = append || all.contains(StandardOpenOption.WRITE);
        boolean read = !write || all.contains(StandardOpenOption.READ);
        OpenOptions result = !write ? read() : read ? readWrite() : write();
        for (OpenOption option : all) {
            result = result.with(option, write);
        }
        return result;
    }

    private OpenOptions with(OpenOption option, boolean writing) {
        if (option == LinkOption.NOFOLLOW_LINKS) {
            return noFollow();
        }
        if (!(option instanceof StandardOpenOption standard)) {
            throw new UnsupportedOperationException("open with " + option);
        }
        return switch (standard) {
            case READ, WRITE, SPARSE -> this;
            case APPEND -> append();
            // As the JDK has it: these are ignored where nothing is written.
            case TRUNCATE_EXISTING -> writing ? truncate() : this;
            case CREATE -> writing ? create() : this;
            case CREATE_NEW -> writing ? createNew() : this;
            case SYNC -> sync();
            case DSYNC -> dataSync();
            case DELETE_ON_CLOSE ->
                    throw new UnsupportedOperationException("open with DELETE_ON_CLOSE");
        };
    }

    private OpenOptions plus(int flag) {
        return new OpenOptions(flags | flag, mode, beneath);
    }

    /** Makes the file if it is not there. */
    public OpenOptions create() {
        return plus(Fcntl.O_CREAT);
    }

    /** Makes the file, and fails if there is one. */
    public OpenOptions createNew() {
        return plus(Fcntl.O_CREAT | Fcntl.O_EXCL);
    }

    /** Empties a file that is there; wants writing. */
    public OpenOptions truncate() {
        return plus(Fcntl.O_TRUNC);
    }

    /** Every write goes to the end, wherever that is then; wants writing. */
    public OpenOptions append() {
        return plus(Fcntl.O_APPEND);
    }

    /**
     * Passes the page cache by ({@code O_DIRECT}): buffers, positions and lengths must be multiples
     * of {@link RegularFile#directAlignment}.
     */
    public OpenOptions direct() {
        return plus(Fcntl.O_DIRECT);
    }

    /** Each write returns when its data and all of the file's metadata are on the device. */
    public OpenOptions sync() {
        return plus(Fcntl.O_SYNC);
    }

    /** Each write returns when its data, and what is needed to read it, are on the device. */
    public OpenOptions dataSync() {
        return plus(Fcntl.O_DSYNC);
    }

    /** Fails if the last name of the path is a symbolic link. */
    public OpenOptions noFollow() {
        return plus(Fcntl.O_NOFOLLOW);
    }

    /** Reading leaves the time of the last access as it is; only the file's owner may ask. */
    public OpenOptions noAccessTime() {
        return plus(Fcntl.O_NOATIME);
    }

    /** The permissions of a file that is made, less the process's umask; {@code rw-rw-rw-} else. */
    public OpenOptions mode(Set<PosixFilePermission> permissions) {
        return new OpenOptions(flags, Permissions.bits(permissions), beneath);
    }

    /**
     * The path is relative to {@code directory} and may not leave it, neither by {@code ..} nor by
     * a symbolic link, nor while somebody moves directories about ({@code RESOLVE_BENEATH}).
     */
    public OpenOptions beneath(Path directory) {
        return new OpenOptions(flags, mode, directory);
    }

    int flags() {
        return flags;
    }

    int modeBits() {
        boolean makes = (flags & (Fcntl.O_CREAT | NAMELESS)) != 0;
        return makes ? mode : 0;
    }

    @Nullable Path directory() {
        return beneath;
    }

    boolean reads() {
        return (flags & Fcntl.O_ACCMODE) != Fcntl.O_WRONLY;
    }

    boolean writes() {
        return (flags & Fcntl.O_ACCMODE) != Fcntl.O_RDONLY;
    }

    boolean appends() {
        return (flags & Fcntl.O_APPEND) != 0;
    }

    /** The options for a file without a name, in a directory. */
    OpenOptions nameless() {
        return plus(Fcntl.O_TMPFILE);
    }
}
