package dev.volokno.backend;

/** {@code struct msghdr} and {@code struct iovec} of 64-bit Linux, as recvmsg(2) takes them. */
final class MessageHeader {
    static final int NAME = 0;
    static final int NAMELEN = 8;
    static final int IOV = 16;
    static final int IOVLEN = 24;
    static final int CONTROL = 32;
    static final int CONTROLLEN = 40;
    static final int FLAGS = 48;
    static final int SIZE = 56;

    static final int IOVEC_SIZE = 16;

    private MessageHeader() {}
}
