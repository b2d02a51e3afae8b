package dev.volokno.linux;

/** {@code <linux/errqueue.h>}: what became of something that was sent (recvmsg(2), ip(7)). */
public final class ErrQueue {
    // struct sock_extended_err
    public static final int ERRNO = 0;
    public static final int ORIGIN = 4;
    public static final int TYPE = 5;
    public static final int CODE = 6;
    public static final int INFO = 8;
    public static final int OFFENDER = 16;

    public static final int SO_EE_ORIGIN_ICMP = 2;
    public static final int SO_EE_ORIGIN_ICMP6 = 3;

    private ErrQueue() {}
}
