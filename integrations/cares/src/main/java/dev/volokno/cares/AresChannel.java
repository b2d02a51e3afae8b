package dev.volokno.cares;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.volokno.CancelledException;
import dev.volokno.cares.Ares.Recipient;
import dev.volokno.fd.Fd.Condition;
import dev.volokno.foreign.CString;
import dev.volokno.foreign.Driven;
import dev.volokno.foreign.Upcalls;
import dev.volokno.foreign.Watch;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What is asked through an {@code ares_channel}, and what waits for its turn. The library tells of
 * its sockets by a callback; it can end all that is asked, but not one question.
 *
 * <p>It asks the next server if one fails or refuses, and says at the end only that none could be
 * reached. So that is asked again through a second channel, which takes such answers for what they
 * are. Its questions have negative numbers.
 */
final class AresChannel implements Driven {
    private static final long LONGEST_MICROS = Duration.ofDays(1).toNanos() / 1000;

    private final Watch watch;
    private final MemorySegment channel;
    private final MemorySegment frankChannel;
    private final MemorySegment timeval;
    private final MemorySegment onAddresses;
    private final MemorySegment onHost;
    private final MemorySegment onRecords;

    private final LookupQueue queue;

    AresChannel(CaresOptions options, Watch watch, Upcalls upcalls) throws IOException {
        this.watch = watch;
        queue = new LookupQueue(options.atOnce());
        timeval = upcalls.arena().allocate(16, 8);
        var answer = FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_INT, JAVA_INT, ADDRESS);
        var message = FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
        var state = FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT);
        var lookup = MethodHandles.lookup();
        onAddresses = upcalls.pointer(lookup, this, "addressesCame", answer);
        onHost = upcalls.pointer(lookup, this, "hostCame", answer);
        onRecords = upcalls.pointer(withoutTimeouts(), message);
        MemorySegment onState = upcalls.pointer(lookup, this, "socketChanged", state);
        channel = options.open(onState, 0);
        frankChannel = options.forOneAttempt().open(onState, Ares.FLAG_NOCHECKRESP);
    }

    /** The method for records, which takes how often a server was late, and drops it. */
    private MethodHandle withoutTimeouts() {
        var type =
                MethodType.methodType(
                        void.class, long.class, int.class, MemorySegment.class, int.class);
        try {
            MethodHandle taker = MethodHandles.lookup().bind(this, "recordsCame", type);
            return MethodHandles.dropArguments(taker, 2, int.class);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    // ---- callbacks from C

    @SuppressWarnings("UnusedMethod") // found by its name
    private void socketChanged(MemorySegment unusedData, int fd, int readable, int writable) {
        var wanted = EnumSet.noneOf(Condition.class);
        if (readable != 0) {
            wanted.add(Condition.READABLE);
        }
        if (writable != 0) {
            wanted.add(Condition.WRITABLE);
        }
        watch.on(fd, wanted);
    }

    @SuppressWarnings("UnusedMethod") // found by its name
    private void addressesCame(long id, int status, int unusedTimeouts, MemorySegment list) {
        try {
            answered(id, status, list, 0);
        } finally {
            if (list.address() != 0) {
                Ares.freeaddrinfo(list);
            }
        }
    }

    @SuppressWarnings("UnusedMethod") // found by its name
    private void hostCame(long id, int status, int unusedTimeouts, MemorySegment host) {
        answered(id, status, host, 0);
    }

    @SuppressWarnings("UnusedMethod") // found by its name
    private void recordsCame(long id, int status, MemorySegment message, int length) {
        answered(id, status, message, length);
    }

    private void answered(long id, int status, MemorySegment result, int length) {
        Optional<Lookup<?>> taken = queue.take(id);
        if (taken.isEmpty()) {
            return;
        }
        Lookup<?> lookup = taken.get();
        if (id < 0) {
            lookup.answered(Status.ofServer(status), MemorySegment.NULL, 0);
        } else if (status == Status.ECONNREFUSED) {
            queue.add(lookup);
        } else {
            lookup.answered(status, result, length);
        }
    }

    // ---- what the driver calls

    @Override
    public void prepare(Watch same) {
        queue.passTime(System.nanoTime());
        if (queue.isAbandoned()) {
            Ares.cancel(channel);
            Ares.cancel(frankChannel);
        }
        Optional<Lookup<?>> next = queue.next();
        while (next.isPresent()) {
            next.get().ask(this);
            next = queue.next();
        }
        long micros =
                Math.min(
                        Math.min(microsLeft(channel), microsLeft(frankChannel)),
                        queue.nanosLeft(System.nanoTime()) / 1000);
        if (micros > LONGEST_MICROS) {
            watch.callNever();
        } else {
            // What is left is cut to milliseconds: at its end the time may not have come yet.
            watch.callAfter(Duration.of(micros, ChronoUnit.MICROS).plusMillis(1));
        }
    }

    private long microsLeft(MemorySegment of) {
        return Ares.timeout(of, timeval)
                ? timeval.get(JAVA_LONG, 0) * 1_000_000 + timeval.get(JAVA_LONG, 8)
                : Long.MAX_VALUE;
    }

    @Override
    public void ready(int fd, Set<Condition> conditions) {
        boolean failed =
                conditions.contains(Condition.ERROR) || conditions.contains(Condition.HANG_UP);
        boolean readable = failed || conditions.contains(Condition.READABLE);
        boolean writable = failed || conditions.contains(Condition.WRITABLE);
        process(readable ? fd : Ares.SOCKET_BAD, writable ? fd : Ares.SOCKET_BAD);
    }

    /** Neither channel minds a descriptor of the other's. */
    private void process(int readable, int writable) {
        Ares.processFd(channel, readable, writable);
        Ares.processFd(frankChannel, readable, writable);
    }

    @Override
    public void due() {
        process(Ares.SOCKET_BAD, Ares.SOCKET_BAD);
    }

    @Override
    public void end(Optional<Throwable> failure) {
        Optional<Throwable> real = failure.filter(why -> !(why instanceof CancelledException));
        queue.abandonAll(real);
        Ares.destroy(channel);
        Ares.destroy(frankChannel);
    }

    // ---- what its users call

    /** Has it asked when its turn comes. */
    boolean submit(Lookup<?> lookup) {
        queue.add(lookup);
        return true;
    }

    /** Nobody waits for it any more. */
    void leave(Lookup<?> lookup) {
        queue.leave(lookup, System.nanoTime());
    }

    void askAddresses(String name, int family, long id) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment hints = arena.allocate(Ares.HINTS_SIZE, 4);
            // Two questions at once could take each other's word that there is no server.
            boolean one = id < 0 && family == Ares.AF_UNSPEC;
            hints.set(JAVA_INT, Ares.HINTS_FAMILY, one ? Ares.AF_INET : family);
            // Else each address would come once for every type of socket.
            hints.set(JAVA_INT, Ares.HINTS_SOCKTYPE, Ares.SOCK_STREAM);
            var recipient = new Recipient(onAddresses, id);
            Ares.getaddrinfo(channelOf(id), CString.of(arena, name), hints, recipient);
        }
    }

    void askName(byte[] address, long id) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(address.length);
            bytes.copyFrom(MemorySegment.ofArray(address));
            int family = address.length == 4 ? Ares.AF_INET : Ares.AF_INET6;
            Ares.gethostbyaddr(channelOf(id), bytes, family, new Recipient(onHost, id));
        }
    }

    void askRecords(String name, int type, long id) {
        try (Arena arena = Arena.ofConfined()) {
            var recipient = new Recipient(onRecords, id);
            Ares.search(channelOf(id), CString.of(arena, name), type, recipient);
        }
    }

    private MemorySegment channelOf(long id) {
        return id > 0 ? channel : frankChannel;
    }
}
