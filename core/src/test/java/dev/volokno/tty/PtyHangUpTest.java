package dev.volokno.tty;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.SystemCallException;
import dev.volokno.fd.ByteStream;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.Waiting;
import java.nio.ByteBuffer;

/** The kernel does not tell of a slave's end while its master is full. */
class PtyHangUpTest {
    private static final int MORE_THAN_FITS = 1_000_000;
    private static final int ROUNDS = 20;

    @EachConfiguration
    void aWriterOfAFullMasterLearnsThatTheSlaveIsClosed(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            for (int round = 0; round < ROUNDS; round++) {
                closeSlaveOfFullMaster(0);
                closeSlaveOfFullMaster(1_000);
            }
        });
    }

    private static void closeSlaveOfFullMaster(int taken) throws Exception {
        try (Pty master = Pty.open()) {
            master.makeRaw();
            ByteStream slave = master.openSlave();
            var writer =
                    Fiber.start(() ->
                            assertThatThrownBy(() ->
                                            master.write(ByteBuffer.allocateDirect(MORE_THAN_FITS)))
                                    .isInstanceOf(SystemCallException.class)
                                    .hasMessageContaining("EIO"));
            Waiting.untilParked(writer);
            slave.readFully(ByteBuffer.allocate(taken));
            slave.close();
            writer.join();
        }
    }
}
