package dev.volokno.linux;

import java.util.List;
import java.util.Map;

/** Files, directories, and watching them. */
final class FileAbi {
    static final AbiTable TABLE =
            new AbiTable(List.of("sys/inotify.h"), List.of(), Map.of(), Map.of(), List.of());

    private FileAbi() {}
}
