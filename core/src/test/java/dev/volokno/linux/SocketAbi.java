package dev.volokno.linux;

import java.util.List;
import java.util.Map;

/** Sockets: options, control messages, addresses of every family. */
final class SocketAbi {
    static final AbiTable TABLE =
            new AbiTable(
                    List.of("sys/un.h"),
                    List.of(),
                    Map.ofEntries(
                            // Newer than the headers that most machines have: 6.5.
                            Map.entry("SysSocket.SO_PASSPIDFD", "76"),
                            Map.entry("SysSocket.SO_PEERPIDFD", "77"),
                            Map.entry("SysSocket.SCM_PIDFD", "4")),
                    Map.of(),
                    List.of());

    private SocketAbi() {}
}
