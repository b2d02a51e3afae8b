/** Prints what is appended to a file, as tail -F does: over rotation, truncation and absence. */
import module dev.volokno;

import java.nio.channels.FileChannel;

void main(String[] args) throws Exception {
    try {
        run(args);
    } catch (IllegalArgumentException | IOException e) {
        System.err.println("TailF: " + e.getMessage());
        System.exit(e instanceof IOException ? 1 : 2);
    }
}

void run(String[] args) throws Exception {
    if (args.length != 1) {
        IO.println("usage: TailF FILE");
        System.exit(2);
    }
    var file = Path.of(args[0]).toAbsolutePath();
    Loop.run(() -> {
        try (var watcher = DirectoryWatcher.open(file.getParent());
                var tail = new Tail(file)) {
            tail.follow(watcher);
        }
    });
}

/** An open file, and how far it has been printed. */
static final class Tail implements AutoCloseable {
    private final Path file;
    private final ByteBuffer buffer = ByteBuffer.allocate(65_536);
    private FileChannel open;

    Tail(Path file) {
        this.file = file;
    }

    void follow(DirectoryWatcher watcher) throws IOException {
        reopen(true);
        IO.println("following " + file);
        for (var event : watcher) {
            switch (event) {
                case FileEvent.Modified(var path) when path.equals(file) -> print();
                case FileEvent.Created(var path, _) when path.equals(file) -> next();
                case FileEvent.Moved(_, var path, _) when path.equals(file) -> next();
                case FileEvent.Overflowed _ -> next(); // whatever has happened, look
                default -> {
                    // Another file, or the old one under its new name, which is still open here.
                }
            }
        }
    }

    /** The name leads to another file now: the rest of the old one, then the new one. */
    private void next() throws IOException {
        print();
        reopen(false);
        print();
    }

    private void reopen(boolean atEnd) throws IOException {
        close();
        open =
                Offload.call(() -> {
                    try {
                        var opened = FileChannel.open(file);
                        return atEnd ? opened.position(opened.size()) : opened;
                    } catch (NoSuchFileException gone) {
                        return null;
                    }
                });
    }

    private void print() throws IOException {
        if (open == null) {
            return;
        }
        Offload.call(() -> {
            if (open.size() < open.position()) {
                open.position(0); // it was truncated
            }
            while (open.read(buffer.clear()) > 0) {
                System.out.write(buffer.array(), 0, buffer.position());
            }
            System.out.flush();
            return true;
        });
    }

    @Override
    public void close() throws IOException {
        if (open != null) {
            open.close();
        }
    }
}
