/** Runs other programs: one for its output, one between pipes, and several at once. */
import static java.nio.charset.StandardCharsets.UTF_8;

import module dev.volokno;

void main() throws Exception {
    Loop.run(() -> {
        var listing = ChildProcess.run("uname", "-s").text();
        IO.print("system: " + listing);
        sort();
        atOnce();
        try {
            ChildProcess.spawn("no-such-program");
        } catch (NoSuchFileException e) {
            IO.println("missing: " + e.getFile());
        }
    });
}

void sort() throws IOException {
    try (var sort =
            ChildProcess.spawn(
                    Command.of("sort").withStdin(Stdio.pipe()).withStdout(Stdio.pipe()))) {
        sort.stdin().write(ByteBuffer.wrap("b\na\n".getBytes(UTF_8)));
        sort.stdin().close();
        for (var line : sort.stdout().lines(UTF_8, 1000)) {
            IO.println("sorted: " + line);
        }
        IO.println("sort " + sort.awaitExit());
    }
}

void atOnce() throws Exception {
    Scope.run(scope -> {
        for (int code = 0; code < 3; code++) {
            var child = scope.own(ChildProcess.spawn(Command.shell("exit " + code)));
            scope.fork(() -> IO.println("one " + child.awaitExit()));
        }
        return true;
    });
}
