/** A chat: {@code ChatServer PORT}; the first line is one's name, the rest is for the others. */
import module dev.volokno;

import dev.volokno.fiber.Channel;

static final int LONGEST = 1000;
static final int BEHIND = 100;

/** What is to be told to each guest; fibers of one loop need no lock. */
final Map<String, Channel<String>> guests = new HashMap<>();

void main(String[] args) throws Exception {
    try {
        var address = new InetSocketAddress(Integer.parseInt(String.join(" ", args)));
        Loop.run(() -> {
            try (var listener = TcpListener.bind(address)) {
                IO.println("listening " + listener.localAddress().getPort());
                listener.serve(this::welcome);
            }
        });
    } catch (IllegalArgumentException | IOException e) {
        System.err.println("ChatServer PORT: " + e.getMessage());
        System.exit(e instanceof IOException ? 1 : 2);
    }
}

void welcome(TcpSocket guest) throws Exception {
    var lines = guest.lines(StandardCharsets.UTF_8, LONGEST).iterator();
    String name = lines.hasNext() ? lines.next() : "";
    Channel<String> mail = Channel.bounded(BEHIND);
    if (name.isBlank() || guests.putIfAbsent(name, mail) != null) {
        guest.write(StandardCharsets.UTF_8.encode("say a name that nobody has\n"));
        return;
    }
    Scope.run(scope -> {
        Fiber.start(() -> deliver(mail, guest));
        try {
            mail.trySend("hello " + name + ", others here: " + (guests.size() - 1) + "\n");
            tell(name, name + " is here");
            lines.forEachRemaining(line -> tell(name, name + ": " + line));
        } finally {
            guests.remove(name);
            mail.close();
            tell(name, name + " has left");
        }
        return true;
    });
}

/** A guest who does not read misses what does not fit. */
void tell(String from, String text) {
    guests.forEach((to, mail) -> {
        if (!to.equals(from)) mail.trySend(text + "\n");
    });
}

void deliver(Channel<String> mail, TcpSocket guest) throws IOException {
    for (String text : mail) guest.write(StandardCharsets.UTF_8.encode(text));
}
