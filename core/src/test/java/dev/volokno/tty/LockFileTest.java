package dev.volokno.tty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockFileTest {
    private static final long SELF = ProcessHandle.current().pid();

    /** No process has a number so high: the kernel's limit is lower. */
    private static final int NOBODY = 5_000_000;

    @TempDir private Path directory;

    private Path device() throws Exception {
        Path device = directory.resolve("ttyX7");
        return Files.exists(device) ? device : Files.createFile(device);
    }

    private Path file() {
        return directory.resolve("LCK..ttyX7");
    }

    private LockFile take() throws Exception {
        return LockFile.take(directory, device());
    }

    @Test
    void itNamesTheProcessAndGoesWhenItIsGivenBack() throws Exception {
        LockFile lock = take();
        assertThat(file()).hasContent("%10d%n".formatted(SELF));
        lock.release();
        assertThat(file()).doesNotExist();
        lock.release();
        take().release();
        assertThat(directory).isDirectoryNotContaining("glob:**LTMP*");
    }

    @Test
    void oneNameOfTheDeviceIsAsGoodAsAnother() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("by-id"), device());
        LockFile lock = LockFile.take(directory, link);
        assertThatThrownBy(this::take).isInstanceOf(FileAlreadyExistsException.class);
        lock.release();
    }

    @Test
    void whoeverComesSecondLearnsWhoHasIt() throws Exception {
        LockFile lock = take();
        assertThatThrownBy(this::take)
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining("ttyX7")
                .hasMessageContaining("in use by process " + SELF);
        lock.release();
        Files.writeString(file(), "%10d minicom root\n".formatted(1));
        assertThatThrownBy(this::take).hasMessageContaining("in use by process 1");
        assertThat(file()).content().contains("minicom");
    }

    @Test
    void oneOfADeadProcessIsTakenOver() throws Exception {
        Files.writeString(file(), "%10d and more than we write\n".formatted(NOBODY));
        LockFile lock = take();
        assertThat(file()).hasContent("%10d%n".formatted(SELF));
        lock.release();
        assertThat(file()).doesNotExist();
    }

    @Test
    void oneWithOurOwnNumberThatWeDoNotHoldIsStale() throws Exception {
        Files.writeString(file(), SELF + "\n");
        take().release();
        assertThat(file()).doesNotExist();
    }

    @Test
    void numbersInBinaryAreUnderstood() throws Exception {
        Files.write(file(), binary(1));
        assertThatThrownBy(this::take).hasMessageContaining("in use by process 1");
        Files.write(file(), binary(NOBODY));
        take().release();
    }

    private static byte[] binary(int pid) {
        return ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(pid).array();
    }

    @Test
    void oneThatNamesNobodyIsRespected() throws Exception {
        Files.writeString(file(), "");
        assertThatThrownBy(this::take).hasMessageContaining("a process that it does not name");
    }

    @Test
    void aLinkInThePlaceOfItsDraftIsNotFollowed() throws Exception {
        Path victim = Files.writeString(directory.resolve("victim"), "precious");
        Files.createSymbolicLink(directory.resolve("LTMP." + SELF), victim);
        LockFile lock = take();
        lock.release();
        assertThat(victim).hasContent("precious");
    }

    @Test
    void oneThatIsGivenBackWhileItIsLookedAtIsNoFailure() throws Exception {
        Path other = Files.writeString(directory.resolve("other"), "%10d\n".formatted(1));
        var end = new AtomicBoolean();
        Future<Integer> holder = startHolder(other, end);
        try {
            int refused = 0;
            for (int i = 0; i < 1000 || refused < 10; i++) {
                try {
                    take().release();
                } catch (FileAlreadyExistsException inUse) {
                    refused++;
                }
            }
        } finally {
            end.set(true);
        }
        assertThat(holder.get()).isGreaterThan(10);
    }

    private Future<Integer> startHolder(Path other, AtomicBoolean end) {
        var task = new FutureTask<>(() -> takeAndGiveBack(other, end));
        Thread.ofPlatform().start(task);
        return task;
    }

    /** As another program does, over and over: how often it had the lock. */
    private int takeAndGiveBack(Path other, AtomicBoolean end) throws Exception {
        int count = 0;
        while (!end.get()) {
            try {
                Files.createLink(file(), other);
                Files.delete(file());
                count++;
            } catch (FileAlreadyExistsException taken) {
                Thread.onSpinWait();
            }
        }
        return count;
    }

    @Test
    void aLinkToNowhereInItsPlaceIsToldAndNotFollowed() throws Exception {
        Path nowhere = directory.resolve("nowhere");
        Files.createSymbolicLink(file(), nowhere);
        assertThatThrownBy(this::take)
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("LCK..ttyX7");
        assertThat(nowhere).doesNotExist();
    }
}
