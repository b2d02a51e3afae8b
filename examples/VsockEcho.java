/**
 * Sends back what other machines of this host send: {@code VsockEcho PORT}.
 *
 * <p>{@code VsockEcho CID PORT TEXT} asks one of them. Port -1 lets the kernel choose. The host is
 * CID 2, this machine itself CID 1.
 */
import module dev.volokno;

void main(String[] args) throws Exception {
    try {
        switch (args.length) {
            case 1 -> Loop.run(() -> serve(Integer.parseInt(args[0])));
            case 3 -> Loop.run(() -> ask(address(args[0], args[1]), args[2]));
            default -> {
                IO.println("usage: VsockEcho PORT | VsockEcho CID PORT TEXT");
                System.exit(2);
            }
        }
    } catch (IOException e) {
        System.err.println("VsockEcho: " + e.getMessage());
        System.exit(1);
    }
}

VsockAddress address(String cid, String port) {
    return new VsockAddress(Integer.parseInt(cid), Integer.parseInt(port));
}

void serve(int port) throws IOException {
    try (var listener = VsockListener.bind(VsockAddress.here(port))) {
        IO.println("listening " + listener.localAddress());
        listener.serve(connection -> connection.transferTo(connection));
    }
}

void ask(VsockAddress machine, String text) throws IOException {
    try (var socket = VsockSocket.connect(machine)) {
        socket.write(StandardCharsets.UTF_8.encode(text));
        socket.shutdownOutput();
        IO.println(new String(socket.inputStream().readAllBytes(), StandardCharsets.UTF_8));
    }
}
