package dev.volokno.orders;

import dev.volokno.fd.ByteStream;
import dev.volokno.support.StreamKind;
import dev.volokno.support.StreamPair;
import dev.volokno.tty.Pty;
import dev.volokno.tty.SerialPort;
import dev.volokno.tty.SerialSettings;
import java.io.IOException;

/** Every kind of stream, terminals among them. */
enum Line {
    PIPE(StreamKind.PIPE),
    NARROW_PIPE(StreamKind.NARROW_PIPE),
    TCP(StreamKind.TCP),
    UNIX(StreamKind.ADOPTED_UNIX),
    /** The call is on the master. */
    PTY(null),
    /** The call is on the port. */
    SERIAL(null);

    private final StreamKind kind;

    Line(StreamKind kind) {
        this.kind = kind;
    }

    StreamPair openForReading() throws IOException {
        if (kind != null) {
            return kind.open();
        }
        Pty master = Pty.open();
        master.makeRaw();
        return new StreamPair(
                this == PTY ? master : far(master), this == PTY ? far(master) : master);
    }

    StreamPair openForWriting() throws IOException {
        if (kind != null) {
            return kind.open();
        }
        StreamPair reverse = openForReading();
        return new StreamPair(reverse.sink(), reverse.source());
    }

    private ByteStream far(Pty master) throws IOException {
        return this == PTY
                ? master.openSlave()
                : SerialPort.open(master.path(), SerialSettings.of(115_200));
    }

    /** A terminal that is hung up forgets what it has not given out, or not taken. */
    boolean forgets() {
        return kind == null;
    }
}
