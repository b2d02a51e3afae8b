package dev.volokno.fd;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;

class StreamTransferTest {
    @EachConfiguration
    void whatCouldNotBeWrittenIsReadNext(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var pipe = Pipe.open()) {
                pipe.sink().write(ascii("0123456789"));
                assertThatThrownBy(() -> pipe.source().transferTo(new TakesThree()))
                        .isInstanceOf(IOException.class)
                        .hasMessage("full");
                var rest = ByteBuffer.allocate(20);
                assertThat(pipe.source().read(rest)).isEqualTo(7);
                assertThat(new String(rest.array(), 0, 7, US_ASCII)).isEqualTo("3456789");
            }
        });
    }

    @EachConfiguration
    void leftOverBytesAreTransferredFirstAndThenTheRest(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (var pipe = Pipe.open()) {
                pipe.sink().write(ascii("line\nand more"));
                pipe.sink().close();
                pipe.source().readUntil(ByteBuffer.allocate(64), '\n');
                var copied = new ByteArrayOutputStream();
                assertThat(pipe.source().transferTo(Channels.newChannel(copied))).isEqualTo(8);
                assertThat(copied.toString(US_ASCII)).isEqualTo("and more");
            }
        });
    }

    @EachConfiguration
    void nobodyGetsTheDescriptorWhileBytesAreLeftOver(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (var pipe = Pipe.open()) {
                pipe.sink().write(ascii("line\nrest"));
                pipe.source().readUntil(ByteBuffer.allocate(64), '\n');
                assertThatThrownBy(() -> pipe.source().fd().release())
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("4 bytes left over");
                assertThat(pipe.source().drainBuffered()).isEqualTo("rest".getBytes(US_ASCII));
            }
        });
    }

    private static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(US_ASCII));
    }

    /** Takes three bytes and fails then. */
    private static final class TakesThree implements WritableByteChannel {
        private boolean taken;

        @Override
        public int write(ByteBuffer source) throws IOException {
            if (taken) {
                throw new IOException("full");
            }
            taken = true;
            source.position(source.position() + 3);
            return 3;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            taken = true;
        }
    }
}
