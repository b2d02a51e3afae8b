package dev.volokno.tty;

import dev.volokno.descriptor.Descriptor;
import dev.volokno.linux.SysIoctl;
import java.io.IOException;

/** {@code struct winsize} of a terminal, seen from either side. */
final class WindowSize {
    private WindowSize() {}

    static Pty.Size of(Descriptor descriptor) throws IOException {
        var size =
                Ioctl.quick(
                        descriptor,
                        "ioctl(TIOCGWINSZ)",
                        SysIoctl.TIOCGWINSZ,
                        Ioctl.structure(SysIoctl.WINSIZE_SIZE));
        return new Pty.Size(
                Short.toUnsignedInt(size.getShort(0)), Short.toUnsignedInt(size.getShort(2)));
    }

    static void set(Descriptor descriptor, Pty.Size size) throws IOException {
        var structure =
                Ioctl.structure(SysIoctl.WINSIZE_SIZE)
                        .putShort(0, (short) size.rows())
                        .putShort(2, (short) size.columns());
        Ioctl.quick(descriptor, "ioctl(TIOCSWINSZ)", SysIoctl.TIOCSWINSZ, structure);
    }
}
