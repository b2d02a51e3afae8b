package dev.volokno.tty;

import dev.volokno.linux.SysIoctl;
import dev.volokno.linux.Termios;
import java.io.IOException;

/** What the far end of a line would do to it. */
final class Lines {
    private Lines() {}

    static void stopOutput(SerialPort port) throws IOException {
        flow(port, Termios.TCOOFF);
    }

    static void startOutput(SerialPort port) throws IOException {
        flow(port, Termios.TCOON);
    }

    private static void flow(SerialPort port, int action) throws IOException {
        port.fd()
                .descriptor()
                .call(
                        "ioctl(TCXONC)",
                        (errno, number) -> SysIoctl.ioctl(errno, number, SysIoctl.TCXONC, action));
    }
}
