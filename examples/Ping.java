/**
 * Pings an IPv4 address: {@code Ping ADDRESS [COUNT]}.
 *
 * <p>There is no class for raw ICMP sockets: this opens one by the foreign-function API and has it
 * adopted. Any descriptor can be used in this way. Needs root or {@code CAP_NET_RAW}.
 */
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import module dev.volokno;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

static final int AF_INET = 2;
static final int SOCK_RAW = 3;
static final int IPPROTO_ICMP = 1;
static final byte ECHO_REQUEST = 8;
static final byte ECHO_REPLY = 0;
static final int HEADERS = 20 + 8;

static final MethodHandle socket = libc("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
static final MethodHandle sendto =
        libc("sendto", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
static final MethodHandle recv = libc("recv", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);

@SuppressWarnings("restricted") // calling C is what this shows
static MethodHandle libc(String name, MemoryLayout result, MemoryLayout... arguments) {
    return Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow(name),
                    FunctionDescriptor.of(result, arguments));
}

interface NativeCall {
    long make() throws Throwable;
}

long call(NativeCall body) {
    try {
        return body.make();
    } catch (Throwable t) {
        throw new AssertionError(t);
    }
}

void main(String[] args) throws Exception {
    try {
        run(args);
    } catch (IllegalArgumentException | IOException e) {
        System.err.println("Ping: " + e.getMessage());
        System.exit(e instanceof IOException ? 1 : 2);
    }
}

void run(String[] args) throws Exception {
    if (args.length == 0) {
        IO.println("usage: Ping ADDRESS [COUNT]");
        System.exit(2);
    }
    int count = args.length > 1 ? Integer.parseInt(args[1]) : 3;
    int number = (int) call(() -> (int) socket.invokeExact(AF_INET, SOCK_RAW, IPPROTO_ICMP));
    if (number < 0) {
        System.err.println("Ping: a raw socket needs root or CAP_NET_RAW");
        System.exit(1);
    }
    Loop.run(() -> {
        try (var fd = Fd.adopt(number); // from here on non-blocking, close-on-exec, and closed
                var arena = Arena.ofConfined()) {
            var target = sockaddr(arena, InetAddress.ofLiteral(args[0]));
            for (int i = 1; i <= count; i++) {
                ping(fd, arena, target, (short) i);
            }
        }
    });
}

void ping(Fd fd, Arena arena, MemorySegment target, short sequence) throws IOException {
    short id = (short) ProcessHandle.current().pid();
    var request = arena.allocate(8, 2);
    var words = request.asByteBuffer(); // big-endian, as the network is
    words.put(0, ECHO_REQUEST).putShort(4, id).putShort(6, sequence).putShort(2, checksum(words));
    var answer = arena.allocate(1500, 2);
    long began = System.nanoTime();
    long sent = fd.use(n -> call(() -> (long) sendto.invokeExact(n, request, 8L, 0, target, 16)));
    if (sent < 0) {
        throw new IOException("sendto failed");
    }
    try {
        Deadline.within(Duration.ofSeconds(1), () -> await(fd, answer, id, sequence));
        IO.println("answer " + sequence + " after " + (System.nanoTime() - began) / 1000 + " us");
    } catch (DeadlineException e) {
        IO.println("no answer " + sequence);
    }
}

/** A raw socket hears every answer that comes to this machine. */
void await(Fd fd, MemorySegment answer, short id, short sequence) throws IOException {
    var words = answer.asByteBuffer();
    boolean ours = false;
    while (!ours) {
        fd.awaitReadable();
        long length = fd.use(n -> call(() -> (long) recv.invokeExact(n, answer, 1500L, 0)));
        ours =
                length >= HEADERS
                        && words.get(20) == ECHO_REPLY
                        && words.getShort(24) == id
                        && words.getShort(26) == sequence;
    }
}

short checksum(ByteBuffer words) {
    int sum = 0;
    for (int i = 0; i < words.limit(); i += 2) {
        sum += Short.toUnsignedInt(words.getShort(i));
    }
    return (short) ~((sum & 0xffff) + (sum >>> 16));
}

MemorySegment sockaddr(Arena arena, InetAddress address) {
    if (!(address instanceof Inet4Address)) {
        throw new IllegalArgumentException("no IPv4 address: " + address.getHostAddress());
    }
    var sockaddr = arena.allocate(16, 4);
    sockaddr.set(JAVA_SHORT, 0, (short) AF_INET);
    MemorySegment.copy(address.getAddress(), 0, sockaddr, JAVA_BYTE, 4, 4);
    return sockaddr;
}
