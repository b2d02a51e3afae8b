// Answers what comes in on each serial port, eight bytes at a time as a rule: one fiber a port.
// Usage: VoloknoSerialServer PORT...     (prints "ready")

import dev.volokno.HangUpException;
import dev.volokno.fiber.Fiber;
import dev.volokno.loop.Loop;
import dev.volokno.tty.SerialPort;
import dev.volokno.tty.SerialSettings;
import java.nio.ByteBuffer;
import java.time.Duration;

static final int BUFFER_SIZE = 4096;

void main(String[] ports) throws Exception {
    Loop.run(() -> {
        for (var path : ports) {
            var port = SerialPort.open(path, SerialSettings.of(115_200));
            Fiber.start(() -> answer(port));
        }
        IO.println("ready");
    });
}

void answer(SerialPort port) throws IOException {
    var request = ByteBuffer.allocateDirect(BUFFER_SIZE);
    try (port) {
        while (true) {
            port.read(request);
            port.write(request.flip());
            request.clear();
        }
    } catch (HangUpException theLoadHasEnded) {
        Loop.current().stop(Duration.ofSeconds(1));
    }
}
