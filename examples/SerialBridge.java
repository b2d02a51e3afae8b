/**
 * Joins two serial ports: {@code SerialBridge A B [BAUD]}, one fiber for each direction.
 *
 * <p>Ends when one of the ports vanishes, or by a signal; the ports get their settings back.
 */
import module dev.volokno;

void main(String[] args) throws Exception {
    if (args.length < 2 || args.length > 3) {
        IO.println("usage: SerialBridge A B [BAUD]");
        System.exit(2);
    }
    try {
        var settings = SerialSettings.of(args.length == 3 ? Integer.parseInt(args[2]) : 115_200);
        Loop.run(() -> {
            Runtime.getRuntime().addShutdownHook(new Thread(Loop.current()::close));
            var a = SerialPort.open(args[0], settings);
            var b = SerialPort.open(args[1], settings);
            IO.println(a + " <-> " + b);
            Fiber.start(() -> a.transferTo(b));
            Fiber.start(() -> b.transferTo(a));
        }); // closes what is open
    } catch (IllegalArgumentException | IOException e) {
        System.err.println("SerialBridge: " + e.getMessage());
        System.exit(e instanceof IOException ? 1 : 2);
    }
}
