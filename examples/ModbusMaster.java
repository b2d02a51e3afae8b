/**
 * Reads registers of a Modbus RTU slave: {@code ModbusMaster [PORT [BAUD [SLAVE]]]}.
 *
 * <p>Frames end with a silence of three and a half characters, and with a checksum. Without a port
 * it simulates a slave, which answers late, wrongly and not at all now and then.
 */
import module dev.volokno;

static final int READ_HOLDING_REGISTERS = 3;
static final Duration ANSWER = Duration.ofMillis(200);
static final int ATTEMPTS = 3;

void main(String[] args) throws Exception {
    try {
        run(args);
    } catch (IllegalArgumentException | IOException e) {
        System.err.println("ModbusMaster: " + e.getMessage());
        System.exit(e instanceof IOException ? 1 : 2);
    }
}

void run(String[] args) throws Exception {
    if (args.length > 3) {
        IO.println("usage: ModbusMaster [PORT [BAUD [SLAVE]]]");
        System.exit(2);
    }
    int baud = args.length > 1 ? Integer.parseInt(args[1]) : 19_200;
    int slave = args.length > 2 ? Integer.parseInt(args[2]) : 17;
    Loop.run(() ->
            Scope.run(scope -> {
                var path = args.length > 0 ? args[0] : simulated(scope, slave, gapAt(baud));
                try (var port =
                        SerialPort.open(path, SerialSettings.of(baud), SerialOption.EXCLUSIVE)) {
                    for (int first = 0; first < 50; first += 10) {
                        var values = readRegisters(port, slave, first, 10);
                        IO.println(
                                "registers from %2d: %s".formatted(first, Arrays.toString(values)));
                    }
                }
                return true;
            }));
}

/** Above 19200 baud the specification says 1750 us, below as long as 3.5 characters take. */
Duration gapAt(int baud) {
    return Duration.ofNanos(baud > 19_200 ? 1_750_000 : 38_500_000_000L / baud);
}

// ---- the master

int[] readRegisters(SerialPort port, int slave, int first, int count) throws IOException {
    for (int attempt = 1; ; attempt++) {
        try {
            port.discardInput(); // what came too late belongs to no question any more
            port.write(frame(slave, READ_HOLDING_REGISTERS, first, count));
            return registers(Deadline.within(ANSWER, () -> answer(port, slave)), count);
        } catch (DeadlineException | ProtocolException e) {
            IO.println("attempt %d: %s".formatted(attempt, e.getMessage()));
            if (attempt == ATTEMPTS) {
                throw e;
            }
        }
    }
}

ByteBuffer answer(SerialPort port, int slave) throws IOException {
    var frame = ByteBuffer.allocate(256);
    port.readFrame(frame, gapAt(port.settings().baud()));
    require(isWhole(frame.flip()), "the checksum is wrong");
    require(frame.get(0) == slave, "slave " + frame.get(0) + " answers for " + slave);
    require(frame.get(1) >= 0, "the slave refuses: " + frame.get(2));
    return frame.position(2);
}

int[] registers(ByteBuffer answer, int count) throws IOException {
    require(answer.get() == 2 * count && answer.remaining() == 2 * count + 2, "another length");
    return IntStream.range(0, count).map(_ -> Short.toUnsignedInt(answer.getShort())).toArray();
}

void require(boolean condition, String otherwise) throws ProtocolException {
    if (!condition) {
        throw new ProtocolException(otherwise);
    }
}

// ---- frames

ByteBuffer frame(int slave, int function, int... words) {
    var frame = ByteBuffer.allocate(256).put((byte) slave).put((byte) function);
    for (int word : words) {
        frame.putShort((short) word);
    }
    return closed(frame);
}

/** Ends a frame with its checksum, which unlike all else has its low byte first. */
ByteBuffer closed(ByteBuffer frame) {
    return frame.putShort(Short.reverseBytes((short) crc(frame, frame.position()))).flip();
}

boolean isWhole(ByteBuffer frame) {
    // The checksum over a frame with its own checksum is 0.
    return frame.limit() >= 4 && crc(frame, frame.limit()) == 0;
}

int crc(ByteBuffer frame, int length) {
    int crc = 0xffff;
    for (int i = 0; i < length; i++) {
        crc ^= Byte.toUnsignedInt(frame.get(i));
        for (int bit = 0; bit < 8; bit++) {
            crc = (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ 0xa001;
        }
    }
    return crc;
}

// ---- the slave

/** A slave whose register number n holds n squared, at the other end of a pseudo-terminal. */
String simulated(Scope scope, int slave, Duration gap) throws IOException {
    var line = Pty.open();
    line.makeRaw();
    scope.own(line);
    scope.own(line.openSlave()); // the slave outlives its master's program
    scope.daemon(() -> serve(line, slave));
    return line.path().toString();
}

void serve(Pty line, int slave) throws IOException {
    var request = ByteBuffer.allocate(8); // all that this slave understands is as long
    for (int i = 0; ; i++) {
        line.readFully(request.clear());
        var answer = closed(answerTo(request.flip(), slave));
        if (i == 1) {
            answer.put(4, (byte) ~answer.get(4)); // noise on the line
        }
        if (i != 3) { // that one it did not hear
            writeInParts(line, answer);
        }
    }
}

ByteBuffer answerTo(ByteBuffer request, int slave) {
    int first = request.getShort(2);
    int count = request.getShort(4);
    var answer = ByteBuffer.allocate(256).put((byte) slave).put(request.get(1));
    answer.put((byte) (2 * count));
    for (int n = first; n < first + count; n++) {
        answer.putShort((short) (n * n));
    }
    return answer;
}

/** As a driver hands it over: not all at once. */
void writeInParts(Pty line, ByteBuffer answer) throws IOException {
    int end = answer.limit();
    line.write(answer.limit(5));
    Fiber.yield();
    line.write(answer.limit(end));
}
