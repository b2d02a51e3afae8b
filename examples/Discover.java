/**
 * Finds its like on the network: {@code Discover INTERFACE NAME}, until it has heard one other.
 *
 * <p>Each says its name to a group every half second and listens to what others say there.
 */
import module dev.volokno;

final InetSocketAddress group = new InetSocketAddress(InetAddress.ofLiteral("239.255.86.75"), 8675);

void main(String[] args) throws Exception {
    try {
        run(args);
    } catch (IllegalArgumentException | IOException e) {
        System.err.println("Discover: " + e.getMessage());
        System.exit(e instanceof IOException ? 1 : 2);
    }
}

void run(String[] args) throws Exception {
    if (args.length != 2) {
        IO.println("usage: Discover INTERFACE NAME");
        System.exit(2);
    }
    var on = NetworkInterface.getByName(args[0]);
    if (on == null) {
        throw new IllegalArgumentException("no network interface " + args[0]);
    }
    Loop.run(() -> {
        // Bound to the group's own address it hears nothing else.
        try (var socket = UdpSocket.bindShared(group)) {
            socket.join(group.getAddress(), on);
            socket.multicastBy(on);
            Scope.run(scope -> {
                scope.daemon(() -> announce(socket, args[1]));
                return listen(socket, args[1]);
            });
        }
    });
}

void announce(UdpSocket socket, String name) throws IOException {
    while (true) {
        say(socket, name);
        Fiber.sleep(Duration.ofMillis(500));
    }
}

void say(UdpSocket socket, String name) throws IOException {
    socket.send(ByteBuffer.wrap(name.getBytes(StandardCharsets.UTF_8)), group);
}

String listen(UdpSocket socket, String own) throws IOException {
    var buffer = ByteBuffer.allocateDirect(1500);
    while (true) {
        var from = socket.receive(buffer.clear());
        var name = StandardCharsets.UTF_8.decode(buffer.flip()).toString();
        if (!name.equals(own)) {
            IO.println("found " + name + " at " + from.sender().getAddress().getHostAddress());
            say(socket, own); // the other one shall hear of this one too
            return name;
        }
    }
}
