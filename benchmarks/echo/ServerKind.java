import java.util.stream.Stream;

/** The servers that are compared. */
enum ServerKind {
    C("c", "c-epoll", ""),
    URING("uring", "volokno-uring", "-Dvolokno.backend=io_uring"),
    EPOLL("epoll", "volokno-epoll", "-Dvolokno.backend=epoll"),
    UNCONFINED("unconfined", "volokno-unconfined", "-Dvolokno.unconfined=true"),
    JDK("jdk", "jdk-virtual", "");

    final String option;
    final String label;
    final String loopOption;

    ServerKind(String option, String label, String loopOption) {
        this.option = option;
        this.label = label;
        this.loopOption = loopOption;
    }

    boolean isJava() {
        return this != C;
    }

    static ServerKind named(String option) {
        return Stream.of(values())
                .filter(kind -> kind.option.equals(option))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such server: " + option));
    }
}
