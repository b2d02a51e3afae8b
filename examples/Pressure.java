/**
 * A descriptor that has no class of its own: the kernel tells when tasks wait for the processor.
 */
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import module dev.volokno;

void main(String[] arguments) throws Exception {
    try {
        run(arguments);
    } catch (IllegalArgumentException | IOException e) {
        System.err.println("Pressure: " + e.getMessage());
        System.exit(e instanceof IOException ? 1 : 2);
    }
}

void run(String[] arguments) throws Exception {
    int times = arguments.length == 0 ? Integer.MAX_VALUE : Integer.parseInt(arguments[0]);
    Loop.run(() -> watch(times));
}

void watch(int times) throws Exception {
    var pressure = Fd.open(Path.of("/proc/pressure/cpu"), READ, WRITE);
    try (var file = ByteStream.over(pressure)) {
        // 50 ms of stall within 2 s; the kernel wants the zero at the end.
        file.write(ByteBuffer.wrap("some 50000 2000000\0".getBytes(US_ASCII)));
        IO.println("watching");
        for (int i = 0; i < times; i++) {
            file.fd().awaitPriority(); // POLLPRI
            IO.println("under pressure");
        }
    }
}
