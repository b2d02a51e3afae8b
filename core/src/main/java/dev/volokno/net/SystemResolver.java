package dev.volokno.net;

import dev.volokno.backend.DatagramOperation;
import dev.volokno.backend.Kernel;
import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Offload;
import dev.volokno.linux.Memory;
import dev.volokno.linux.Netdb;
import dev.volokno.linux.SysSocket;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** getaddrinfo(3) and getnameinfo(3), which block as long as a name server lets them. */
final class SystemResolver implements Resolver {
    static final SystemResolver INSTANCE = new SystemResolver();

    private static final int THREADS = 32;
    private static final int WAITING_MAX = 256;
    private static final int ANY_FAMILY = 0;

    private final Offload.Pool pool = Offload.pool("volokno-names", THREADS).abandoningOnCancel();
    private final AtomicInteger callers = new AtomicInteger();

    private SystemResolver() {}

    @Override
    public List<InetAddress> resolve(String name) throws IOException {
        return resolve(name, ANY_FAMILY);
    }

    @Override
    public List<InetAddress> resolve(String name, StandardProtocolFamily family)
            throws IOException {
        return resolve(
                name,
                switch (family) {
                    case INET -> SysSocket.AF_INET;
                    case INET6 -> SysSocket.AF_INET6;
                    case UNIX -> throw new IllegalArgumentException("no names in " + family);
                });
    }

    private List<InetAddress> resolve(String name, int family) throws IOException {
        if (name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a name with a zero in it: " + name);
        }
        Optional<InetAddress> numeric = Resolver.numeric(name);
        if (numeric.isPresent() && suits(numeric.get(), family)) {
            Fiber.checkpoint();
            return List.of(numeric.get());
        }
        return elsewhere(name, () -> lookUp(name, family));
    }

    private static boolean suits(InetAddress address, int family) {
        int own = address instanceof Inet6Address ? SysSocket.AF_INET6 : SysSocket.AF_INET;
        return family == ANY_FAMILY || family == own;
    }

    /** Runs a look-up on a thread of the pool, if not too many wait already. */
    private <T> T elsewhere(String what, LookUp<T> body) throws IOException {
        try {
            if (callers.incrementAndGet() > WAITING_MAX) {
                throw new IOException(
                        what + ": " + WAITING_MAX + " look-ups of names are under way already");
            }
            return pool.call(body::run);
        } finally {
            callers.decrementAndGet();
        }
    }

    private interface LookUp<T> {
        T run() throws IOException;
    }

    private static List<InetAddress> lookUp(String name, int family) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment hints = arena.allocate(Netdb.ADDRINFO_SIZE, 8);
            hints.set(ValueLayout.JAVA_INT, Netdb.FLAGS, Netdb.AI_ADDRCONFIG);
            hints.set(ValueLayout.JAVA_INT, Netdb.FAMILY, family);
            // Else each address would come once for every type of socket.
            hints.set(ValueLayout.JAVA_INT, Netdb.SOCKTYPE, SysSocket.SOCK_STREAM);
            long result = arena.allocate(ValueLayout.JAVA_LONG).address();
            int code =
                    Netdb.getaddrinfo(
                            Kernel.newErrno(arena),
                            arena.allocateFrom(name).address(),
                            hints.address(),
                            result);
            check(name, code);
            long list = Memory.getLong(result);
            try {
                return addresses(name, list);
            } finally {
                Netdb.freeaddrinfo(list);
            }
        }
    }

    private static List<InetAddress> addresses(String name, long list) throws IOException {
        var addresses = new ArrayList<InetAddress>();
        for (long one = list; one != 0; one = Memory.getLong(one + Netdb.NEXT)) {
            int family = Memory.getInt(one + Netdb.FAMILY);
            if (family == SysSocket.AF_INET || family == SysSocket.AF_INET6) {
                InetAddress found =
                        SocketAddresses.decode(Memory.getLong(one + Netdb.ADDR)).getAddress();
                InetAddress named = named(name, found);
                if (!addresses.contains(named)) {
                    addresses.add(named);
                }
            }
        }
        return List.copyOf(addresses);
    }

    /** The same address, which knows the name that it was found by. */
    private static InetAddress named(String name, InetAddress found) throws IOException {
        return found instanceof Inet6Address v6 && v6.getScopeId() != 0
                ? Inet6Address.getByAddress(name, found.getAddress(), v6.getScopeId())
                : InetAddress.getByAddress(name, found.getAddress());
    }

    @Override
    public String nameOf(InetAddress address) throws IOException {
        return elsewhere(address.getHostAddress(), () -> lookUpName(address));
    }

    private static String lookUpName(InetAddress address) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            boolean v6 = address instanceof Inet6Address;
            MemorySegment sockaddr = arena.allocate(DatagramOperation.NAME_CAPACITY, 8);
            int length =
                    SocketAddresses.encode(
                            sockaddr, address, 0, v6 ? SysSocket.AF_INET6 : SysSocket.AF_INET);
            long name = arena.allocate(Netdb.NI_MAXHOST).address();
            int code =
                    Netdb.getnameinfo(
                            Kernel.newErrno(arena),
                            sockaddr.address(),
                            length,
                            name,
                            Netdb.NI_MAXHOST);
            check(address.getHostAddress(), code);
            return Memory.getString(name);
        }
    }

    private static void check(String what, int code) throws LookupException {
        if (code != 0) {
            throw new LookupException(what, Netdb.nameOf(code), Netdb.messageOf(code));
        }
    }

    @Override
    public String toString() {
        return "the system's resolver";
    }
}
