// Answers requests of eight bytes on each serial port: one fiber a port.
// Usage: VoloknoSerialServer PORT...     (prints "ready")

import module dev.volokno;

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
    var request = ByteBuffer.allocateDirect(8);
    try (port) {
        while (true) {
            port.readFully(request);
            port.write(request.flip());
            request.clear();
        }
    } catch (HangUpException _) {
        // The load has ended.
    }
}
