/** A pipe and a fifo: bulk that the kernel moves, and waiting for the other side. See docs/fd. */
import static java.nio.charset.StandardCharsets.UTF_8;

import module dev.volokno;

import dev.volokno.fd.Pipe;
import java.nio.file.attribute.PosixFilePermissions;

void main() throws Exception {
    Loop.run(() -> {
        move();
        meet(Files.createTempDirectory("fifo").resolve("orders"));
    });
}

void move() throws IOException {
    try (var pipe = Pipe.open();
            var next = Pipe.open()) {
        next.sink().capacity(1 << 20); // a megabyte may be under way
        Fiber.start(() -> {
            pipe.sink().write(ByteBuffer.allocateDirect(1_000_000));
            pipe.sink().close(); // the source ends after the last byte
        });
        var moved = pipe.source().transferTo(next.sink()); // in the kernel: splice(2)
        IO.println("moved " + moved);
    }
}

void meet(Path path) throws Exception {
    var fifo = Fifo.make(path, PosixFilePermissions.fromString("rw-------"));
    var customer =
            Fiber.start(() -> {
                try (var writer = fifo.openWriter()) { // parks until somebody reads
                    writer.write(ByteBuffer.wrap("two rolls\n".getBytes(UTF_8)));
                }
            });
    try (var reader = fifo.openReader()) { // at once; its first read waits for a writer
        for (var order : reader.lines(UTF_8, 1000)) {
            IO.println("order: " + order);
        }
        IO.println("the last writer has closed");
        customer.join();
        try (var next = fifo.reopen(reader)) { // for the writers to come
            IO.println("next: " + Deadline.tryWithin(Duration.ofMillis(5), () -> next.read(line)));
        }
    }
    Files.delete(path);
}

final ByteBuffer line = ByteBuffer.allocateDirect(1000);
