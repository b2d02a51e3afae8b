/** Shows live what comes in on several serial ports: {@code PortMonitor PORT...}; q ends it. */
import static java.nio.charset.StandardCharsets.UTF_8;

import module dev.volokno;

final List<Row> rows = new ArrayList<>();

void main(String[] args) throws Exception {
    try {
        run(args);
    } catch (IllegalArgumentException | IOException e) {
        System.err.println("PortMonitor: " + e.getMessage());
        System.exit(e instanceof IOException ? 1 : 2);
    }
}

void run(String[] args) throws Exception {
    if (args.length == 0) {
        IO.println("usage: PortMonitor PORT...");
        System.exit(2);
    }
    Loop.run(() ->
            Scope.run(scope -> {
                try (var terminal = Terminal.open()) {
                    terminal.mode(
                            Terminal.Mode.RAW, "\033[?1049h\033[?25l", "\033[?25h\033[?1049l");
                    for (var path : args) {
                        var row = new Row();
                        row.path = path;
                        rows.add(row);
                        scope.daemon(() -> watch(row));
                    }
                    scope.daemon(() -> redraw(terminal));
                    var key = ByteBuffer.allocate(1);
                    while (terminal.read(key.clear()) > 0 && "q\3\4".indexOf(key.get(0)) < 0) {
                        if (key.get(0) == '!') {
                            throw new IllegalStateException("as you wished");
                        }
                    }
                }
                return true;
            }));
}

static class Row {
    String path, state = "", last = "";
    long bytes;
}

void watch(Row row) throws IOException {
    var buffer = ByteBuffer.allocateDirect(4096);
    var link =
            SerialLink.to(row.path, SerialSettings.of(115_200))
                    .telling(change -> row.state = change.name().toLowerCase());
    while (true) {
        row.bytes += link.call(port -> port.read(buffer.clear()));
        row.last = UTF_8.decode(buffer.flip()).toString().replaceAll("\\P{Print}+", " ");
    }
}

void redraw(Terminal terminal) throws IOException {
    var size = terminal.size();
    while (true) {
        var page = new StringBuilder("\033[H");
        page.append("%d ports, %d by %d\033[K".formatted(rows.size(), size.columns(), size.rows()));
        for (var row : rows.subList(0, Math.min(rows.size(), Math.max(0, size.rows() - 1)))) {
            var line = "%-24s %-9s %9d  %s".formatted(row.path, row.state, row.bytes, row.last);
            page.append("\r\n").append(line, 0, Math.min(line.length(), size.columns()));
            page.append("\033[K");
        }
        terminal.write(UTF_8.encode(page + "\033[J"));
        var shown = size;
        size =
                Deadline.tryWithin(Duration.ofMillis(200), () -> terminal.awaitResize(shown))
                        .orElse(shown);
    }
}
