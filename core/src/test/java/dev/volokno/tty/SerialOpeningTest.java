package dev.volokno.tty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What an opening refuses, and that nothing is left of it then. */
class SerialOpeningTest {
    private static final SerialSettings SETTINGS = SerialSettings.of(115_200);

    private static Path lockOf(Path device) {
        return LockFile.DIRECTORY.resolve("LCK..pts:" + device.getFileName());
    }

    @EachConfiguration
    void withoutSettingsItIsRefusedAndAPortKeepsThoseItHas(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (Pty far = Pty.open()) {
                assertThatThrownBy(() -> SerialPort.open(far.path(), none()))
                        .isInstanceOf(NullPointerException.class)
                        .hasMessage("settings");
                try (var port = SerialPort.open(far.path(), SETTINGS)) {
                    assertThatThrownBy(() -> port.configure(none()))
                            .isInstanceOf(NullPointerException.class);
                    assertThat(port.settings()).isEqualTo(SETTINGS);
                }
            }
        });
    }

    @SuppressWarnings("NullAway") // what somebody may do whose compiler does not look
    private static SerialSettings none() {
        return null;
    }

    @EachConfiguration
    void aLockFileIsHeldFromTheOpeningToTheClose(Configuration configuration) throws Exception {
        assumeTrue(Files.isWritable(LockFile.DIRECTORY), LockFile.DIRECTORY + " is not ours");
        configuration.run(() -> {
            try (Pty far = Pty.open()) {
                Path lock = lockOf(far.path());
                try (var _ = SerialPort.open(far.path(), SETTINGS, SerialOption.LOCK_FILE)) {
                    assertThat(lock).exists();
                    assertThatThrownBy(() ->
                                    SerialPort.open(far.path(), SETTINGS, SerialOption.LOCK_FILE))
                            .isInstanceOf(FileAlreadyExistsException.class)
                            .hasMessageContaining(
                                    "in use by process " + ProcessHandle.current().pid());
                    assertThat(lock).exists();
                }
                assertThat(lock).doesNotExist();
            }
        });
    }

    @EachConfiguration
    void anOpeningThatFailsLeavesNoLockFile(Configuration configuration) throws Exception {
        assumeTrue(Files.isWritable(LockFile.DIRECTORY), LockFile.DIRECTORY + " is not ours");
        configuration.run(() -> {
            var device = Path.of("/dev/null");
            assertThatThrownBy(() -> SerialPort.open(device, SETTINGS, SerialOption.LOCK_FILE))
                    .hasMessageContaining("ENOTTY");
            assertThat(LockFile.DIRECTORY.resolve("LCK..null")).doesNotExist();
        });
    }
}
