package dev.volokno.curl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.volokno.CancelledException;
import dev.volokno.fd.Fd.Condition;
import dev.volokno.foreign.CString;
import dev.volokno.foreign.Driven;
import dev.volokno.foreign.Upcalls;
import dev.volokno.foreign.Watch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A {@code CURLM} with all its transfers. The library tells of its sockets and times by callbacks,
 * and is told what is ready by {@code curl_multi_socket_action}.
 */
final class CurlMulti implements Driven {
    private final Watch watch;
    private final EasyOptions easyOptions;
    private final MemorySegment multi;
    private final MemorySegment number;

    /** By the addresses of their handles. */
    private final Map<Long, Transfer> running = new HashMap<>();

    CurlMulti(CurlOptions options, Watch watch, Upcalls upcalls) throws IOException {
        this.watch = watch;
        number = upcalls.arena().allocate(JAVA_INT);
        easyOptions = new EasyOptions(options, this, upcalls);
        multi = Curl.multiInit();
        FunctionDescriptor timer = FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS);
        MemorySegment onTimer =
                upcalls.pointer(MethodHandles.lookup(), this, "timerChanged", timer);
        FunctionDescriptor socket =
                FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
        check(Curl.multiSetopt(multi, Curl.MULTI_TIMERFUNCTION, onTimer));
        check(
                Curl.multiSetopt(
                        multi,
                        Curl.MULTI_SOCKETFUNCTION,
                        upcalls.pointer(socketChanged(), socket)));
        if (options.perHost() > 0) {
            check(Curl.multiSetopt(multi, Curl.MULTI_MAX_HOST_CONNECTIONS, options.perHost()));
        }
    }

    private static void check(int code) throws IOException {
        if (code != 0) {
            throw new IOException("libcurl's multi interface says " + code);
        }
    }

    /**
     * The method for sockets, which takes two pointers of ours that are never set, and drops them.
     */
    private MethodHandle socketChanged() {
        var type = MethodType.methodType(int.class, MemorySegment.class, int.class, int.class);
        try {
            MethodHandle taker = MethodHandles.lookup().bind(this, "socketChanged", type);
            return MethodHandles.dropArguments(taker, 3, MemorySegment.class, MemorySegment.class);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    // ---- callbacks from C

    @SuppressWarnings("UnusedMethod") // found by its name
    private int socketChanged(MemorySegment unusedHandle, int fd, int what) {
        if (what == Curl.POLL_REMOVE) {
            watch.off(fd);
            return 0;
        }
        var wanted = EnumSet.noneOf(Condition.class);
        if ((what & Curl.IN) != 0) {
            wanted.add(Condition.READABLE);
        }
        if ((what & Curl.OUT) != 0) {
            wanted.add(Condition.WRITABLE);
        }
        watch.on(fd, wanted);
        return 0;
    }

    @SuppressWarnings("UnusedMethod") // found by its name
    private int timerChanged(MemorySegment unusedMulti, long millis, MemorySegment unusedData) {
        if (millis < 0) {
            watch.callNever();
        } else {
            watch.callAfter(Duration.ofMillis(millis));
        }
        return 0;
    }

    /** The transfer of a callback; none if it has ended, which the library will learn. */
    Optional<Transfer> transferOf(long id) {
        return Optional.ofNullable(running.get(id));
    }

    // ---- what the driver calls

    @Override
    public void ready(int fd, Set<Condition> conditions) throws IOException {
        int ready = 0;
        // An error is found by whichever call comes next; the library's own bit hides which it was.
        if (conditions.contains(Condition.ERROR)) {
            ready = Curl.IN | Curl.OUT;
        }
        if (conditions.contains(Condition.READABLE) || conditions.contains(Condition.HANG_UP)) {
            ready |= Curl.IN;
        }
        if (conditions.contains(Condition.WRITABLE)) {
            ready |= Curl.OUT;
        }
        act(fd, ready);
    }

    @Override
    public void due() throws IOException {
        act(Curl.SOCKET_TIMEOUT, 0);
    }

    private void act(int socket, int ready) throws IOException {
        check(Curl.multiSocketAction(multi, socket, ready, number));
        MemorySegment message = Curl.multiInfoRead(multi, number);
        while (message.address() != 0) {
            MemorySegment read = CString.reach(message, Curl.MESSAGE_SIZE);
            if (read.get(JAVA_INT, 0) == Curl.MESSAGE_DONE) {
                ended(
                        read.get(ADDRESS, Curl.MESSAGE_EASY).address(),
                        read.get(JAVA_INT, Curl.MESSAGE_RESULT));
            }
            message = Curl.multiInfoRead(multi, number);
        }
    }

    private void ended(long easy, int code) throws IOException {
        Transfer transfer = running.get(easy);
        Optional<EasyHandle> handle = transfer == null ? Optional.empty() : transfer.handle();
        if (transfer != null && handle.isPresent()) {
            transfer.end(code, handle.get().wordsFor(code));
            remove(handle.get());
        }
    }

    private void remove(EasyHandle handle) throws IOException {
        running.remove(handle.pointer().address());
        int code = Curl.multiRemoveHandle(multi, handle.pointer());
        handle.free();
        check(code);
    }

    @Override
    public void end(Optional<Throwable> failure) throws IOException {
        Optional<Throwable> real = failure.filter(why -> !(why instanceof CancelledException));
        for (Transfer transfer : List.copyOf(running.values())) {
            abandon(transfer, real);
        }
        check(Curl.multiCleanup(multi));
    }

    // ---- what its users call

    boolean start(Transfer transfer, Optional<String> names) throws IOException {
        EasyHandle handle = easyOptions.open(transfer, names);
        int code = Curl.multiAddHandle(multi, handle.pointer());
        if (code != 0) {
            handle.free();
        }
        check(code);
        transfer.begin(handle);
        running.put(handle.pointer().address(), transfer);
        return true;
    }

    /** Ends a transfer whose user wants no more of it. */
    void abandon(Transfer transfer) {
        try {
            abandon(transfer, Optional.empty());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void abandon(Transfer transfer, Optional<Throwable> why) throws IOException {
        Optional<EasyHandle> handle = transfer.handle();
        if (handle.isPresent()) {
            transfer.abandon(why);
            remove(handle.get());
        }
    }
}
