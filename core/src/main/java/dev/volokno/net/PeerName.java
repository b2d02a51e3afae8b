package dev.volokno.net;

import dev.volokno.linux.Memory;
import dev.volokno.linux.SysSocket;

/** What an accepted connection is called in messages; put together when it is asked for. */
record PeerName(String kind, Object address) {
    /** The name of whoever is at an address of the kernel's. */
    static Object of(String kind, long sockaddr) {
        return Memory.getShort(sockaddr) == SysSocket.AF_INET
                ? new V4(kind, Memory.getInt(sockaddr + 4), Memory.getShort(sockaddr + 2))
                : new PeerName(kind, SocketAddresses.decode(sockaddr));
    }

    @Override
    public String toString() {
        return kind + " " + address;
    }

    /**
     * As the kernel has it: the JDK's objects for an address take 96 bytes more, and may be many.
     */
    private record V4(String kind, int host, short port) {
        @Override
        public String toString() {
            return kind + " " + SocketAddresses.v4(host, port);
        }
    }
}
