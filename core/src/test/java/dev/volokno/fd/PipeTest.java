package dev.volokno.fd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.volokno.SystemCallException;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.EachWholeConfiguration;
import dev.volokno.support.TestLibc;
import java.nio.ByteBuffer;
import java.util.Arrays;

class PipeTest {
    @EachConfiguration
    void whatIsWrittenComesOutAndThenTheEnd(Configuration configuration) throws Exception {
        var read = new StringBuilder();
        configuration.run(() -> {
            Pipe pipe = Pipe.open();
            Fiber.start(() -> {
                for (String line : pipe.source().lines(UTF_8, 100)) {
                    read.append(line).append(';');
                }
            });
            Fiber.start(() -> {
                pipe.sink().write(ByteBuffer.wrap("one\ntwo\r\nthree".getBytes(UTF_8)));
                pipe.sink().close();
            });
        });
        assertThat(read).hasToString("one;two;three;");
    }

    @EachConfiguration
    void itsCapacityIsSetForBothEnds(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (Pipe pipe = Pipe.open()) {
                assertThat(pipe.source().capacity()).isEqualTo(65_536);
                assertThat(pipe.sink().capacity(100_000)).isEqualTo(131_072);
                assertThat(pipe.source().capacity()).isEqualTo(131_072);
                assertThat(pipe.sink().tryWrite(ByteBuffer.allocate(200_000))).isEqualTo(131_072);
            }
        });
    }

    @EachConfiguration
    void aCapacityThatCannotBeSaysWhy(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (Pipe pipe = Pipe.open()) {
                pipe.sink().write(ByteBuffer.allocate(20_000));
                assertThatThrownBy(() -> pipe.sink().capacity(4096))
                        .isInstanceOf(SystemCallException.class)
                        .hasMessageContaining("F_SETPIPE_SZ, 4096): EBUSY on " + pipe.sink())
                        .hasMessageContaining("more than that is in the pipe now");
                assertThatThrownBy(() -> pipe.sink().capacity(0))
                        .isInstanceOf(IllegalArgumentException.class);
                assertThat(pipe.sink().capacity()).isEqualTo(65_536);
            }
        });
    }

    @EachConfiguration
    void aCapacityBeyondTheLimitIsRefusedToTheUnprivileged(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (Pipe pipe = Pipe.open()) {
                int granted = pipe.sink().capacity(1 << 27);
                abort("this process has CAP_SYS_RESOURCE, and was granted " + granted);
            } catch (SystemCallException e) {
                assertThat(e).hasMessageContaining("EPERM").hasMessageContaining("pipe-max-size");
            }
        });
    }

    @EachWholeConfiguration
    void smallWritesOfSeveralStreamsStayTogether(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (Pipe pipe = Pipe.open()) {
                int other = pipe.sink().fd().use(number -> TestLibc.duplicate(number, 3));
                writeRecords(pipe.sink(), (byte) 'a');
                writeRecords(ByteStream.over(Fd.adopt(other)), (byte) 'b');
                var record = ByteBuffer.allocate(PipeEnd.ATOMIC);
                for (int i = 0; i < 100; i++) {
                    pipe.source().readFully(record.clear());
                    byte[] expected = new byte[PipeEnd.ATOMIC];
                    Arrays.fill(expected, record.get(0));
                    assertThat(record.array()).isEqualTo(expected);
                }
            }
        });
    }

    private static void writeRecords(ByteStream sink, byte content) {
        byte[] record = new byte[PipeEnd.ATOMIC];
        Arrays.fill(record, content);
        Fiber.start(() -> {
            for (int i = 0; i < 50; i++) {
                sink.write(ByteBuffer.wrap(record));
            }
            sink.close();
        });
    }
}
