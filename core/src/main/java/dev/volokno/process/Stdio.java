package dev.volokno.process;

import dev.volokno.fd.Fd;
import dev.volokno.linux.Fcntl;
import java.nio.file.Path;
import java.util.Objects;

/** What a child finds at one of its descriptors. */
public final class Stdio {
    private static final Stdio OWN = new Stdio(new Source.Own(-1));
    private static final Stdio PIPE = new Stdio(new Source.Piped(Way.USUAL));
    private static final Stdio TO_CHILD = new Stdio(new Source.Piped(Way.TO_CHILD));
    private static final Stdio FROM_CHILD = new Stdio(new Source.Piped(Way.FROM_CHILD));
    private static final Path NULL_DEVICE = Path.of("/dev/null");

    private final Source source;

    /** Which way a pipe goes; the usual one is to the child for its 0, from it for all else. */
    enum Way {
        USUAL,
        TO_CHILD,
        FROM_CHILD
    }

    /** Where it comes from. */
    sealed interface Source {
        /** A number of ours; -1 is the same number. */
        record Own(int number) implements Source {}

        /** A pipe whose other end is ours. */
        record Piped(Way way) implements Source {}

        /** A file that is opened; {@code flags} -1 are those that fit the number. */
        record Opened(Path path, int flags) implements Source {}

        /** A descriptor of the library's. */
        record Given(Fd fd) implements Source {}

        /** Another of the child's. */
        record SameAs(int number) implements Source {}
    }

    private Stdio(Source source) {
        this.source = source;
    }

    Source source() {
        return source;
    }

    /** The same as ours at that number. */
    public static Stdio inherit() {
        return OWN;
    }

    /** Our descriptor {@code number}, whoever opened it; its flags stay as they are. */
    public static Stdio inherit(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("no descriptor has the number " + number);
        }
        return new Stdio(new Source.Own(number));
    }

    /**
     * A pipe to the child at 0, and from the child everywhere else; our end is the {@link
     * ChildProcess}'s stream.
     */
    public static Stdio pipe() {
        return PIPE;
    }

    /** A pipe that we write to and the child reads from. */
    public static Stdio pipeToChild() {
        return TO_CHILD;
    }

    /** A pipe that the child writes to and we read from. */
    public static Stdio pipeFromChild() {
        return FROM_CHILD;
    }

    /** The null device: empty to read, and takes all. */
    public static Stdio discard() {
        return new Stdio(new Source.Opened(NULL_DEVICE, Fcntl.O_RDWR));
    }

    /** A file: read at 0; everywhere else written anew, or created. */
    public static Stdio file(Path path) {
        return new Stdio(new Source.Opened(Objects.requireNonNull(path, "path"), -1));
    }

    /** A file that is appended to, or created. */
    public static Stdio append(Path path) {
        int flags = Fcntl.O_WRONLY | Fcntl.O_CREAT | Fcntl.O_APPEND;
        return new Stdio(new Source.Opened(Objects.requireNonNull(path, "path"), flags));
    }

    /**
     * A descriptor of this library, which stays open and ours: a socket, a pipe's end, a terminal.
     * A pipe or a terminal is opened anew, so that the child's is not non-blocking; a socket is the
     * same one, and non-blocking, as it must be for us.
     */
    public static Stdio of(Fd fd) {
        return new Stdio(new Source.Given(Objects.requireNonNull(fd, "fd")));
    }

    /** What the child has at {@code number}: {@code sameAs(1)} at 2 joins errors to the output. */
    public static Stdio sameAs(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("no descriptor has the number " + number);
        }
        return new Stdio(new Source.SameAs(number));
    }
}
