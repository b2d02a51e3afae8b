package dev.volokno.linux;

/**
 * {@code <asm/termbits.h>}: {@code struct termios2}, which unlike {@code <termios.h>} knows any
 * baud rate. x86-64 and aarch64 share the generic values.
 */
public final class Termios {
    /** Size of {@code struct termios2}. */
    public static final int SIZE = 44;

    // Where the fields are.
    public static final int IFLAG = 0;
    public static final int OFLAG = 4;
    public static final int CFLAG = 8;
    public static final int LFLAG = 12;
    public static final int CC = 17;
    public static final int ISPEED = 36;
    public static final int OSPEED = 40;

    // c_cc
    public static final int VTIME = 5;
    public static final int VMIN = 6;
    public static final int VSTART = 8;
    public static final int VSTOP = 9;

    // c_iflag
    public static final int BRKINT = 0x2;
    public static final int INPCK = 0x10;
    public static final int IXON = 0x400;
    public static final int IXOFF = 0x1000;

    // c_oflag
    public static final int OPOST = 0x1;

    // c_cflag
    public static final int CBAUD = 0x100F;
    public static final int BOTHER = 0x1000;
    public static final int IBSHIFT = 16;
    public static final int CSIZE = 0x30;
    public static final int CSTOPB = 0x40;
    public static final int CREAD = 0x80;
    public static final int PARENB = 0x100;
    public static final int PARODD = 0x200;
    public static final int HUPCL = 0x400;
    public static final int CLOCAL = 0x800;
    public static final int CMSPAR = 0x4000_0000;
    public static final int CRTSCTS = 0x8000_0000;

    // c_lflag
    public static final int ISIG = 0x1;
    public static final int ICANON = 0x2;
    public static final int ECHO = 0x8;
    public static final int IEXTEN = 0x8000;

    // What TCFLSH and TCXONC take.
    public static final int TCIFLUSH = 0;
    public static final int TCOFLUSH = 1;
    public static final int TCOOFF = 0;
    public static final int TCOON = 1;

    /** Rates with a code of their own: the index is the code, B0 at 0. */
    private static final int[] CODED = {
        0, 50, 75, 110, 134, 150, 200, 300, 600, 1200, 1800, 2400, 4800, 9600, 19_200, 38_400
    };

    /** Rates whose code is {@link #BOTHER} and the index + 1. */
    private static final int[] CODED_HIGH = {
        57_600, 115_200, 230_400, 460_800, 500_000, 576_000, 921_600, 1_000_000, 1_152_000,
        1_500_000, 2_000_000, 2_500_000, 3_000_000, 3_500_000, 4_000_000
    };

    private Termios() {}

    /**
     * The {@code CBAUD} bits of a rate: its own code where it has one, because programs that only
     * know {@code struct termios} read no other; else {@link #BOTHER}.
     */
    public static int codeOf(int baud) {
        for (int code = 1; code < CODED.length; code++) {
            if (CODED[code] == baud) {
                return code;
            }
        }
        for (int i = 0; i < CODED_HIGH.length; i++) {
            if (CODED_HIGH[i] == baud) {
                return BOTHER + 1 + i;
            }
        }
        return BOTHER;
    }
}
