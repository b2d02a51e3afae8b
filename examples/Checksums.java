import module dev.volokno;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * Checksums of all files below a directory: {@code Checksums DIRECTORY [FILE]}, several at a time.
 *
 * <p>With a second argument they are written there, durably.
 */
static final int AT_A_TIME = 16;

static final int BUFFER = 256 * 1024;

void main(String[] arguments) throws Exception {
    try {
        run(arguments);
    } catch (IllegalArgumentException | DirectoryIteratorException | IOException e) {
        System.err.println("Checksums: " + e.getMessage());
        System.exit(e instanceof IllegalArgumentException ? 2 : 1);
    }
}

void run(String[] arguments) throws Exception {
    if (arguments.length < 1 || arguments.length > 2) {
        IO.println("usage: Checksums DIRECTORY [FILE]");
        System.exit(2);
    }
    Path root = Path.of(arguments[0]);
    Loop.run(() -> {
        var lines = new java.util.TreeMap<String, String>();
        var paths = dev.volokno.fiber.Channel.<Path>bounded(AT_A_TIME);
        Scope.run(scope -> {
            for (int i = 0; i < AT_A_TIME; i++) {
                scope.fork(() -> {
                    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
                    for (Path path : paths) {
                        lines.put(root.relativize(path).toString(), checksum(path, buffer));
                    }
                });
            }
            try (var listing = Directories.walk(root)) {
                for (DirectoryEntry entry : listing) {
                    if (entry.type() == FileType.FILE) {
                        paths.send(entry.path());
                    }
                }
            }
            paths.close();
            return true;
        });
        var report = new StringBuilder();
        lines.forEach((name, sum) -> report.append(sum).append("  ").append(name).append('\n'));
        if (arguments.length > 1) {
            RegularFile.replaceDurably(
                    Path.of(arguments[1]), ByteBuffer.wrap(report.toString().getBytes()));
        } else {
            IO.print(report);
        }
    });
}

String checksum(Path path, ByteBuffer buffer) throws IOException {
    var sum = new CRC32C();
    try (RegularFile file = RegularFile.open(path)) {
        while (file.read(buffer.clear()) >= 0) {
            sum.update(buffer.flip());
        }
    }
    return HexFormat.of().toHexDigits((int) sum.getValue());
}
