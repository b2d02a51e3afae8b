package dev.volokno.linux;

import static dev.volokno.linux.Native.INT;
import static dev.volokno.linux.Native.LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * {@code <sys/ioctl.h>} with the requests of {@code <asm/ioctls.h>}. x86-64 and aarch64 share the
 * generic values.
 */
public final class SysIoctl {
    public static final int FIONREAD = 0x541B;

    // Terminals; for the structure see Termios.
    public static final int TCGETS2 = 0x802C_542A;
    public static final int TCSETS2 = 0x402C_542B;
    public static final int TCSBRK = 0x5409;
    public static final int TCXONC = 0x540A;
    public static final int TCFLSH = 0x540B;

    /** Share the blocks of another file (linux/fs.h). */
    public static final int FICLONE = 0x40049409;

    public static final int TIOCEXCL = 0x540C;
    public static final int TIOCNXCL = 0x540D;
    public static final int TIOCOUTQ = 0x5411;

    /** Whether the mark of urgent data has been reached. */
    public static final int SIOCATMARK = 0x8905;

    public static final int TIOCGWINSZ = 0x5413;
    public static final int TIOCSWINSZ = 0x5414;
    public static final int TIOCSBRK = 0x5427;
    public static final int TIOCCBRK = 0x5428;
    public static final int TIOCGPGRP = 0x540F;
    public static final int TIOCSERGETLSR = 0x5459;

    /** Of {@link #TIOCSERGETLSR}: the transmitter holds nothing any more. */
    public static final int TIOCSER_TEMT = 0x01;

    // The modem's lines: requests, and the bits of what they take and tell.
    public static final int TIOCMGET = 0x5415;
    public static final int TIOCMBIS = 0x5416;
    public static final int TIOCMBIC = 0x5417;
    public static final int TIOCM_DTR = 0x002;
    public static final int TIOCM_RTS = 0x004;
    public static final int TIOCM_CTS = 0x020;
    public static final int TIOCM_CD = 0x040;
    public static final int TIOCM_RI = 0x080;
    public static final int TIOCM_DSR = 0x100;

    // Drivers of serial ports; for the structures see Serial.
    public static final int TIOCGSERIAL = 0x541E;
    public static final int TIOCSSERIAL = 0x541F;
    public static final int TIOCGRS485 = 0x542E;
    public static final int TIOCSRS485 = 0x542F;
    public static final int TIOCGICOUNT = 0x545D;

    // Pseudo-terminals, on the master.
    public static final int TIOCGPTN = 0x8004_5430;
    public static final int TIOCSPTLCK = 0x4004_5431;
    public static final int TIOCGPTPEER = 0x5441;

    /** Size of {@code struct winsize}: rows, columns and two more, each a {@code short}. */
    public static final int WINSIZE_SIZE = 8;

    private static final MethodHandle IOCTL = Native.variadic("ioctl", 2, INT, INT, LONG, LONG);

    private SysIoctl() {}

    /** {@code argument} is a value or an address, as the request wants it. */
    public static int ioctl(MemorySegment errno, int fd, int request, long argument) {
        try {
            return Native.result(
                    (int) IOCTL.invokeExact(errno, fd, Integer.toUnsignedLong(request), argument),
                    errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
