package dev.volokno.fd;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** A byte stream as the JDK's stream classes. */
final class StreamViews {
    private StreamViews() {}

    static final class Input extends InputStream {
        private final ByteStream stream;

        Input(ByteStream stream) {
            this.stream = stream;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return stream.read(ByteBuffer.wrap(target, offset, length));
        }

        @Override
        public void close() throws IOException {
            stream.close();
        }
    }

    static final class Output extends OutputStream {
        private final ByteStream stream;

        Output(ByteStream stream) {
            this.stream = stream;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            stream.write(ByteBuffer.wrap(source, offset, length));
        }

        @Override
        public void close() throws IOException {
            stream.close();
        }
    }
}
