package dev.volokno.tty;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.volokno.backend.Kernel;
import dev.volokno.linux.Errno;
import dev.volokno.linux.SignalH;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/**
 * The lock file of a device: in a directory that all programs know, with the holder's process
 * number as text. It comes into being whole, by link(2). One whose holder is dead is overwritten in
 * its place, under a lock of its own, so that two who find it at once do not both get it.
 *
 * <p>Blocks; guarded by the class.
 */
final class LockFile {
    static final Path DIRECTORY = Path.of("/var/lock");

    private static final Path DEVICES = Path.of("/dev");
    private static final long SELF = ProcessHandle.current().pid();
    private static final int LONGEST = 64;

    /** A holder may give it back between two looks at it; a link that leads nowhere stays. */
    private static final int ATTEMPTS = 100;

    /** Ours: a dead holder may have had our number. */
    private static final Set<Path> HELD = new HashSet<>();

    private final Path file;

    private LockFile(Path file) {
        this.file = file;
    }

    /**
     * Takes the lock of {@code device}.
     *
     * @throws FileAlreadyExistsException if somebody alive has it; the message says who
     */
    static synchronized LockFile take(Path directory, Path device) throws IOException {
        Path file = directory.resolve("LCK.." + nameOf(device.toRealPath()));
        for (int left = ATTEMPTS; left > 1; left--) {
            try {
                return take(file, device.toString());
            } catch (NoSuchFileException givenBack) {
                Thread.onSpinWait();
            }
        }
        return take(file, device.toString());
    }

    private static LockFile take(Path file, String device) throws IOException {
        if (HELD.contains(file) || (!create(file) && !takeOver(file))) {
            throw new FileAlreadyExistsException(
                    file.toString(), device, "the port is in use by " + holder(file));
        }
        HELD.add(file);
        return new LockFile(file);
    }

    private static String nameOf(Path device) {
        Path name = device.startsWith(DEVICES) ? DEVICES.relativize(device) : device.getFileName();
        return name.toString().replace('/', ':');
    }

    private static boolean create(Path file) throws IOException {
        Path whole = file.resolveSibling("LTMP." + SELF);
        // Left by a dead holder of our number; a link that somebody has put here is not followed.
        Files.deleteIfExists(whole);
        Files.write(whole, content(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            Files.createLink(file, whole);
            return true;
        } catch (FileAlreadyExistsException held) {
            return false;
        } finally {
            Files.deleteIfExists(whole);
        }
    }

    private static boolean isHeld(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return isAlive(pidIn(channel));
        }
    }

    private static byte[] content() {
        return "%10d\n".formatted(SELF).getBytes(US_ASCII);
    }

    private static boolean takeOver(Path file) throws IOException {
        // The file may be another user's, who lets us read it and no more.
        if (isHeld(file)) {
            return false;
        }
        try (var channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (channel.tryLock() == null || isAlive(pidIn(channel))) {
                return false;
            }
            ByteBuffer content = ByteBuffer.wrap(content());
            channel.write(content, 0);
            channel.truncate(content.position());
            return true;
        }
    }

    /** Who is unknown counts as alive; who has our number is a dead one, or it would be held. */
    private static boolean isAlive(long pid) {
        if (pid <= 0 || pid > Integer.MAX_VALUE) {
            return true;
        }
        // Unlike a look into /proc, this sees processes of others too.
        try (Arena arena = Arena.ofConfined()) {
            int answer = SignalH.kill(Kernel.newErrno(arena), (int) pid, 0);
            return pid != SELF && !Errno.ESRCH.is(answer);
        }
    }

    private static long pidIn(FileChannel channel) throws IOException {
        var bytes = ByteBuffer.allocate(LONGEST);
        channel.read(bytes, 0);
        bytes.flip();
        if (bytes.remaining() == Integer.BYTES) {
            // Very old programs write the number as it is in memory.
            int binary = bytes.order(ByteOrder.nativeOrder()).getInt(0);
            return US_ASCII.decode(bytes).chars().allMatch(c -> c == '\n' || Character.isDigit(c))
                    ? pidIn(bytes.rewind())
                    : binary;
        }
        return pidIn(bytes);
    }

    private static long pidIn(ByteBuffer text) {
        String word = US_ASCII.decode(text).toString().strip().split("\\s", 2)[0];
        return word.matches("\\d{1,10}") ? Long.parseLong(word) : 0;
    }

    private static String holder(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long pid = pidIn(channel);
            return pid <= 0 ? "a process that it does not name" : "process " + pid;
        }
    }

    /** Gives it back. */
    void release() throws IOException {
        synchronized (LockFile.class) {
            if (HELD.remove(file)) {
                Files.deleteIfExists(file);
            }
        }
    }
}
