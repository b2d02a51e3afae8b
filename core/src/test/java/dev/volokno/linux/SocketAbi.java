package dev.volokno.linux;

import java.util.List;
import java.util.Map;

/** Sockets: options, control messages, addresses of every family. */
final class SocketAbi {
    static final AbiTable TABLE =
            new AbiTable(List.of("sys/un.h"), List.of(), Map.of(), Map.of(), List.of());

    private SocketAbi() {}
}
