package dev.volokno.file;

import dev.volokno.backend.Kernel;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.file.GuardOptions.Access;
import dev.volokno.linux.Memory;
import dev.volokno.linux.SysEpoll;
import dev.volokno.linux.SysEventfd;
import dev.volokno.linux.SysFanotify;
import dev.volokno.linux.Time;
import dev.volokno.linux.Unistd;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Takes in what waits for permission, on a thread of its own. Whoever waits sleeps in the kernel
 * until somebody answers, and that may be the loop's own thread, which opens a file or loads a
 * class; so nothing here needs the loop: neither to answer this process at once, nor to answer by
 * policy what nobody has answered in time. For the same reason the calls are made directly, and not
 * as operations of the loop.
 */
final class GuardThread implements AccessRequest.Guard {
    private static final int CAPACITY = 16_384;
    private static final long EVENT = 1;
    private static final long DISMISSED = 2;
    private static final int OWN_PID = (int) ProcessHandle.current().pid();

    private final Descriptor descriptor;
    private final GuardOptions options;
    private final EventQueue<AccessRequest> user;
    private final long limitNanos;
    private final Arena arena = Arena.ofAuto();
    private final MemorySegment errno = Kernel.newErrno(arena);
    private final long buffer = arena.allocate(CAPACITY, Long.BYTES).address();
    private final long epollEvent = arena.allocate(SysEpoll.EVENT_SIZE, Long.BYTES).address();
    private final long timespec = arena.allocate(Time.TIMESPEC_SIZE, Long.BYTES).address();
    private final ArrayDeque<AccessRequest> unanswered = new ArrayDeque<>();
    private int epoll = -1;
    private int dismissal = -1;

    GuardThread(Descriptor descriptor, GuardOptions options, EventQueue<AccessRequest> user) {
        this.descriptor = descriptor;
        this.options = options;
        this.user = user;
        limitNanos = nanos(options.limit());
    }

    private static long nanos(Duration limit) {
        boolean countable = limit.compareTo(Duration.ofDays(365)) < 0;
        return countable ? limit.toNanos() : Duration.ofDays(365).toNanos();
    }

    /** Starts the thread, which ends when the descriptor is closed. */
    void start(Path path) throws IOException {
        epoll = Kernel.check("epoll_create1", SysEpoll.create(errno, SysEpoll.EPOLL_CLOEXEC), "");
        int flags = SysEventfd.EFD_CLOEXEC | SysEventfd.EFD_NONBLOCK;
        dismissal = SysEventfd.eventfd(errno, 0, flags);
        if (dismissal < 0) {
            Unistd.close(errno, epoll);
            throw Kernel.failure("eventfd", dismissal, "a guard");
        }
        add(descriptor.number(), EVENT);
        add(dismissal, DISMISSED);
        descriptor.beforeClose(this::dismiss);
        warmUp();
        Thread.ofPlatform().daemon().name("volokno-guard of " + path).start(this::guard);
    }

    private void add(int number, long data) throws IOException {
        SysEpoll.put(epollEvent, SysEpoll.EPOLLIN, data);
        Kernel.check(
                "epoll_ctl",
                SysEpoll.ctl(errno, epoll, SysEpoll.EPOLL_CTL_ADD, number, epollEvent),
                "a guard");
    }

    /**
     * Goes through a request before there are any: a class that this thread had to load from a
     * guarded file would wait for this thread.
     */
    private void warmUp() {
        var request =
                new AccessRequest(
                        new AccessRequest.Wish(Access.OPEN, Path.of("/"), 0, -1), 0, this);
        var nowhere = new EventQueue<AccessRequest>();
        nowhere.offer(request);
        Fanotify.pathOf(errno, 0);
        PathName.resolve(Path.of("/"), "\u00e4");
        keep(request);
        answerLate();
        respond(-1, true);
        PermissionMask.access(SysFanotify.FAN_OPEN_PERM);
    }

    // ---- on the thread

    private void guard() {
        try {
            while (await()) {
                take();
                answerLate();
            }
        } catch (ClosedChannelException closed) {
            user.end();
        } catch (Throwable failure) {
            user.fail(failure);
        } finally {
            // Of a failure; nobody would answer any more.
            answerAll(AccessRequest::answer);
            Unistd.close(errno, epoll);
            Unistd.close(errno, dismissal);
        }
    }

    /** False once dismissed. */
    private boolean await() {
        long timeout = 0;
        AccessRequest first = oldest();
        if (first != null) {
            long left = first.deadlineNanos() - System.nanoTime();
            Time.putTimespec(timespec, Math.max(0, left));
            timeout = timespec;
        }
        int count = SysEpoll.wait(errno, epoll, epollEvent, 1, timeout);
        return count <= 0 || SysEpoll.data(epollEvent) != DISMISSED;
    }

    private void take() throws ClosedChannelException {
        descriptor.enter();
        try {
            // A failure is one request's: the kernel could not open its file here, for want of a
            // descriptor as a rule, and has denied it. The others wait for this thread still.
            long length = Unistd.read(errno, descriptor.number(), buffer, CAPACITY);
            long at = buffer;
            while (at < buffer + length) {
                takeOne(at);
                at += Memory.getInt(at);
            }
        } finally {
            descriptor.leave();
        }
    }

    private void takeOne(long event) {
        int number = Memory.getInt(event + SysFanotify.METADATA_FD);
        int pid = Memory.getInt(event + SysFanotify.METADATA_PID);
        long mask = Memory.getLong(event + SysFanotify.METADATA_MASK);
        if (number < 0) {
            // An overflow, of what needs no answer.
            return;
        }
        if (pid == OWN_PID) {
            respond(number, true);
            return;
        }
        Path path = path(number);
        var request =
                new AccessRequest(
                        new AccessRequest.Wish(PermissionMask.access(mask), path, pid, number),
                        System.nanoTime() + limitNanos,
                        this);
        keep(request);
        if (!user.offer(request)) {
            request.answer(options.allowUnanswered());
        }
    }

    private Path path(int number) {
        String raw = Fanotify.pathOf(errno, number);
        return raw.startsWith("/")
                ? PathName.resolve(Path.of("/"), raw.substring(1))
                : PathName.resolve(Path.of(""), raw);
    }

    private void answerLate() {
        AccessRequest first = oldest();
        while (first != null && first.deadlineNanos() - System.nanoTime() <= 0) {
            first.answer(options.allowUnanswered());
            first = oldest();
        }
    }

    // ---- any thread

    private void keep(AccessRequest request) {
        synchronized (unanswered) {
            unanswered.add(request);
        }
    }

    /** The first that waits still: all wait equally long. */
    private @Nullable AccessRequest oldest() {
        synchronized (unanswered) {
            AccessRequest first = unanswered.peek();
            while (first != null && first.isAnswered()) {
                unanswered.remove();
                first = unanswered.peek();
            }
            return first;
        }
    }

    private void answerAll(BiPredicate<AccessRequest, Boolean> how) {
        AccessRequest first = oldest();
        while (first != null && how.test(first, options.allowUnanswered())) {
            first = oldest();
        }
    }

    /** Right before close(2): nobody reads any more, and whoever waits has to be answered. */
    private long dismiss(MemorySegment own, int number) {
        answerAll(AccessRequest::answerInside);
        try (Arena one = Arena.ofConfined()) {
            long value = one.allocateFrom(ValueLayout.JAVA_LONG, 1L).address();
            return Unistd.write(own, dismissal, value, Long.BYTES);
        }
    }

    @Override
    public boolean enter() {
        try {
            descriptor.enter();
            return true;
        } catch (ClosedChannelException closing) {
            return false;
        }
    }

    @Override
    public void leave() {
        descriptor.leave();
    }

    /** The kernel knows the request by the number of its file, which is closed with it. */
    @Override
    public void respond(int number, boolean allowed) {
        if (number < 0) {
            return;
        }
        try (Arena own = Arena.ofConfined()) {
            MemorySegment ownErrno = Kernel.newErrno(own);
            long response = Kernel.scratch(ownErrno);
            Memory.putInt(response, number);
            Memory.putInt(
                    response + Integer.BYTES,
                    allowed ? SysFanotify.FAN_ALLOW : SysFanotify.FAN_DENY);
            Unistd.write(ownErrno, descriptor.number(), response, SysFanotify.RESPONSE_SIZE);
            Unistd.close(ownErrno, number);
        }
    }
}
