package dev.volokno.doctor;

import dev.volokno.engine.VirtualThreads;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Prints what this machine offers the library, and what the library will choose because of it. */
public final class Doctor {
    private static final int COLUMN = 18;

    private Doctor() {}

    /** Takes no arguments. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length > 0) {
            System.err.println("usage: doctor");
            System.exit(2);
        }
        say(
                "kernel",
                firstLine("/proc/sys/kernel/osrelease") + ", " + System.getProperty("os.arch"));
        say("C library", KernelProbe.libcVersion());
        say("JDK", System.getProperty("java.vendor.version", "") + " " + Runtime.version());
        boolean open = VirtualThreads.schedulable();
        say(
                "java.lang",
                open ? "open: fibers run on the loop's thread" : "not open to dev.volokno");
        KernelProbe.Uring uring = KernelProbe.uring();
        say("io_uring", uring.text());
        say("epoll_pwait2", KernelProbe.epollWait2());
        say("limits", limits());
        say("serial ports", serialPorts());
        say("fanotify", fanotify());
        say("choice", choice(open, uring.allowed()));
        if (!open) {
            System.out.println();
            System.out.println(VirtualThreads.SHUT);
        }
    }

    private static void say(String what, String finding) {
        System.out.println(what + " ".repeat(COLUMN - what.length()) + finding);
    }

    private static String choice(boolean open, boolean uring) {
        String backend = System.getProperty("volokno.backend", "auto");
        if (Boolean.getBoolean("volokno.unconfined")) {
            return "unconfined fibers, epoll (volokno.unconfined is set)";
        }
        if (open && !backend.equals("auto")) {
            return "confined fibers, " + backend + " (volokno.backend is set)";
        }
        if (!open) {
            return "Loop.run refuses to start; LoopOptions.unconfined() works, on epoll";
        }
        return uring ? "confined fibers, io_uring" : "confined fibers, epoll";
    }

    private static String limits() throws IOException {
        Map<String, String> wanted =
                Map.of("Max open files", "nofile", "Max locked memory", "memlock");
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/limits"))) {
            return lines.flatMap(line ->
                            wanted.entrySet().stream()
                                    .filter(limit -> line.startsWith(limit.getKey()))
                                    .map(limit ->
                                            limit.getValue()
                                                    + " "
                                                    + softLimit(line, limit.getKey())))
                    .sorted()
                    .collect(Collectors.joining(", "));
        }
    }

    private static String softLimit(String line, String name) {
        return line.substring(name.length()).strip().split(" +", 2)[0];
    }

    private static String serialPorts() throws IOException {
        var usable = new ArrayList<String>();
        var refused = new ArrayList<String>();
        for (Path port : ports()) {
            boolean ours = Files.isReadable(port) && Files.isWritable(port);
            (ours ? usable : refused).add(port.getFileName().toString());
        }
        if (usable.isEmpty() && refused.isEmpty()) {
            return "none in /dev";
        }
        String found = usable.isEmpty() ? "none usable" : shortened(usable) + " usable";
        return refused.isEmpty()
                ? found
                : found
                        + "; no permission for "
                        + shortened(refused)
                        + " (group "
                        + group(refused.getFirst())
                        + ")";
    }

    private static List<Path> ports() throws IOException {
        var ports = new ArrayList<Path>();
        try (DirectoryStream<Path> found =
                Files.newDirectoryStream(Path.of("/dev"), "tty{USB,ACM,S,AMA,SC,XRUSB}[0-9]*")) {
            found.forEach(ports::add);
        }
        ports.sort(null);
        return ports;
    }

    private static String shortened(List<String> names) {
        int shown = Math.min(names.size(), 4);
        String text = String.join(" ", names.subList(0, shown));
        return names.size() > shown ? text + " and " + (names.size() - shown) + " more" : text;
    }

    private static String group(String port) {
        try {
            return Files.getAttribute(Path.of("/dev", port), "unix:group").toString();
        } catch (IOException | UnsupportedOperationException unknown) {
            return "unknown";
        }
    }

    private static String fanotify() throws IOException {
        return KernelProbe.hasCapability(KernelProbe.CAP_SYS_ADMIN)
                ? "whole file systems and permission events (CAP_SYS_ADMIN)"
                : "single directories only, since CAP_SYS_ADMIN is missing";
    }

    private static String firstLine(String file) throws IOException {
        return Files.readAllLines(Path.of(file)).getFirst();
    }
}
