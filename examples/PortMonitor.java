/** Shows live what comes in on several serial ports: {@code PortMonitor PORT...}; q ends it. */
import static java.nio.charset.StandardCharsets.UTF_8;

import module dev.volokno;

void main(String[] args) throws Exception {
    if (args.length == 0) {
        IO.println("usage: PortMonitor PORT...");
        System.exit(2);
    }
    var rows = Stream.of(args).map(Row::new).toList();
    try {
        Loop.run(() -> Scope.run(scope -> show(rows, scope)));
    } catch (IOException e) {
        System.err.println("PortMonitor: " + e.getMessage());
        System.exit(1);
    }
}

boolean show(List<Row> rows, Scope scope) throws IOException {
    try (var terminal = Terminal.open()) {
        terminal.mode(Terminal.Mode.RAW, "\033[?1049h\033[?25l", "\033[?25h\033[?1049l");
        rows.forEach(row -> scope.daemon(row::watch));
        scope.daemon(() -> redraw(rows, terminal));
        var key = ByteBuffer.allocate(1);
        while (terminal.read(key.clear()) > 0 && "q\3\4".indexOf(key.get(0)) < 0) {
            if (key.get(0) == '!') throw new IllegalStateException("as you wished");
        }
        return true;
    }
}

static class Row {
    String path, state = "", last = "";
    long bytes;

    Row(String path) {
        this.path = path;
    }

    void watch() throws IOException {
        var buffer = ByteBuffer.allocateDirect(4096);
        var link =
                SerialLink.to(path, SerialSettings.of(115_200))
                        .telling(now -> state = now.name().toLowerCase());
        while (true) {
            bytes += link.call(port -> port.read(buffer.clear()));
            last = UTF_8.decode(buffer.flip()).toString().replaceAll("\\P{Print}+", " ");
        }
    }
}

void redraw(List<Row> rows, Terminal terminal) throws IOException {
    for (var size = terminal.size(); ; size = resized(terminal, size)) {
        var page = new StringBuilder("\033[H");
        page.append("%d ports, %d by %d\033[K".formatted(rows.size(), size.columns(), size.rows()));
        for (var row : rows.subList(0, Math.min(rows.size(), Math.max(0, size.rows() - 1)))) {
            var line = "%-24s %-9s %9d  %s".formatted(row.path, row.state, row.bytes, row.last);
            page.append("\r\n").append(line, 0, Math.min(line.length(), size.columns()));
            page.append("\033[K");
        }
        terminal.write(UTF_8.encode(page + "\033[J"));
    }
}

Pty.Size resized(Terminal terminal, Pty.Size shown) throws IOException {
    return Deadline.tryWithin(Duration.ofMillis(200), () -> terminal.awaitResize(shown))
            .orElse(shown);
}
