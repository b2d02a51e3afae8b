package dev.volokno.process;

import dev.volokno.backend.DirectOperation;
import dev.volokno.backend.Kernel;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.engine.Engine;
import dev.volokno.linux.Errno;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One launch, as the fiber sees it that asks for it: what it holds meanwhile, and how it failed.
 */
final class Spawning implements AutoCloseable {
    private final Command command;
    private final Arena arena = Arena.ofAuto();
    private final Launch launch;
    private final List<Descriptor> held = new ArrayList<>();

    /** Refuses what cannot be, and keeps open what is given to the child. */
    Spawning(Command command) throws IOException {
        this.command = command;
        launch = new Launch(command, arena);
        try {
            for (Map.Entry<Integer, Stdio> entry : command.files().entrySet()) {
                check(entry.getKey(), entry.getValue().source());
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void check(int target, Stdio.Source source) throws IOException {
        if (source instanceof Stdio.Source.Given given) {
            Descriptor descriptor = given.fd().descriptor();
            descriptor.enter();
            held.add(descriptor);
            if (descriptor.buffered() > 0) {
                throw new IllegalStateException(
                        descriptor
                                + " has "
                                + descriptor.buffered()
                                + " bytes left over, which the child would not see:"
                                + " drainBuffered() takes them out");
            }
        }
        if (source instanceof Stdio.Source.SameAs same) {
            Stdio other = command.files().get(same.number());
            if (other == null || other.source() instanceof Stdio.Source.SameAs) {
                throw new IllegalArgumentException(
                        target + " cannot be the same as " + same.number() + ", which is not set");
            }
        }
    }

    /** Starts it: its number. */
    int start(Engine engine) throws IOException {
        long result =
                engine.perform(
                        DirectOperation.blocking(
                                null, "posix_spawn", (errno, none) -> launch.make(errno)));
        Descriptor.throwIfEnded(result, false);
        if (result < 0) {
            throw failure(result);
        }
        return (int) result;
    }

    int pidfd() {
        return launch.pidfd();
    }

    Map<Integer, Integer> ourEnds() {
        return launch.files().ourEnds();
    }

    private IOException failure(long result) {
        String call = launch.failedCall();
        boolean program = call.equals("posix_spawn");
        String on = call.equals("open") ? launch.files().failedOn() : missing(result);
        var failure = Kernel.failure(call, result, call.equals("pipe2") ? "a pipe" : on);
        if (program && command.user() != null && Errno.ENOENT.is(result)) {
            throw new UnsupportedOperationException(
                    "running as another user needs setpriv(1), and none is found", failure);
        }
        if (!program && !call.equals("open")) {
            return failure;
        }
        String reason = failure.getMessage();
        if (Errno.ENOENT.is(result) || Errno.ENOTDIR.is(result)) {
            return (IOException) new NoSuchFileException(on, null, reason).initCause(failure);
        }
        if (Errno.EACCES.is(result) || Errno.EPERM.is(result)) {
            return (IOException) new AccessDeniedException(on, null, reason).initCause(failure);
        }
        return failure;
    }

    /** The kernel does not tell whether it misses the program or its directory. */
    private String missing(long result) {
        Path directory = command.directory();
        boolean absent = Errno.ENOENT.is(result) || Errno.ENOTDIR.is(result);
        if (directory != null && absent && !Files.isDirectory(directory)) {
            return directory.toString();
        }
        return command.arguments().getFirst();
    }

    @Override
    public void close() {
        held.forEach(Descriptor::leave);
        held.clear();
    }
}
