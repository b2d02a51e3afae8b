package dev.volokno.tty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.SystemCallException;
import dev.volokno.fd.ByteStream;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.Waiting;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
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

    @EachConfiguration
    void allThatAClosedSlaveHasWrittenComesHoweverSmallTheReads(Configuration configuration)
            throws Exception {
        byte[] sent = Bytes.pattern(3_000);
        configuration.run(() -> {
            for (int round = 0; round < ROUNDS; round++) {
                try (Pty master = Pty.open()) {
                    master.makeRaw();
                    ByteStream slave = master.openSlave();
                    var reader = Waiting.untilParked(Fiber.start(() -> inSmallReads(master)));
                    slave.write(ByteBuffer.wrap(sent));
                    slave.close();
                    assertThat(reader.join()).isEqualTo(sent);
                }
            }
        });
    }

    private static byte[] inSmallReads(ByteStream stream) throws IOException {
        var all = new ByteArrayOutputStream();
        var some = ByteBuffer.allocate(100);
        while (stream.read(some.clear()) > 0) {
            all.write(some.array(), 0, some.position());
        }
        return all.toByteArray();
    }
}
