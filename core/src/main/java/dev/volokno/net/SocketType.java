package dev.volokno.net;

import dev.volokno.linux.SysSocket;

/**
 * What socket(2) makes a socket of.
 *
 * @param family {@code AF_INET} or another
 * @param type {@code SOCK_STREAM} or another
 * @param protocol 0 for the one that the type has
 */
record SocketType(int family, int type, int protocol) {
    static SocketType stream(int family) {
        return new SocketType(family, SysSocket.SOCK_STREAM, 0);
    }

    static SocketType datagram(int family) {
        return new SocketType(family, SysSocket.SOCK_DGRAM, 0);
    }
}
