package dev.volokno.linux;

/**
 * What differs between the two instruction sets we run on.
 *
 * @param epollEventSize bytes of {@code struct epoll_event}
 * @param directFlag {@code O_DIRECT}
 * @param directoryFlag {@code O_DIRECTORY}
 * @param noFollowFlag {@code O_NOFOLLOW}
 */
public record Arch(
        String name, int epollEventSize, int directFlag, int directoryFlag, int noFollowFlag) {
    public static final Arch X86_64 = new Arch("x86-64", 12, 0x4000, 0x10000, 0x20000);
    public static final Arch AARCH64 = new Arch("aarch64", 16, 0x10000, 0x4000, 0x8000);
    public static final Arch CURRENT = of(System.getProperty("os.arch"));

    // System calls newer than 2019 have one number on all architectures.
    static final int SYS_PIDFD_SEND_SIGNAL = 424;
    static final int SYS_IO_URING_SETUP = 425;
    static final int SYS_IO_URING_ENTER = 426;
    static final int SYS_IO_URING_REGISTER = 427;
    static final int SYS_PIDFD_OPEN = 434;
    static final int SYS_OPENAT2 = 437;
    static final int SYS_EPOLL_PWAIT2 = 441;

    private static Arch of(String osArch) {
        return switch (osArch) {
            case "amd64", "x86_64" -> X86_64;
            case "aarch64" -> AARCH64;
            default ->
                    throw new UnsupportedOperationException(
                            "Volokno runs on x86-64 and aarch64, not on " + osArch);
        };
    }
}
