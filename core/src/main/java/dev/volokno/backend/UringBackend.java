package dev.volokno.backend;

import dev.volokno.linux.Errno;
import dev.volokno.linux.IoUring;
import dev.volokno.linux.Memory;
import dev.volokno.linux.Poll;
import dev.volokno.linux.Time;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;

/**
 * Completions by io_uring. Whatever was submitted since the last turn goes to the kernel in the one
 * system call that also waits. From the moment an entry is in the ring until its completion the
 * kernel owns the operation, whatever the system call says and whatever the waiter wants.
 *
 * <p>Three faces: an operation that encodes itself is the kernel's to complete; any other is
 * attempted when it may be ready and else polled for, once, and attempted again. A poll here is
 * level-triggered when it is armed, so a short transfer is reason enough to poll instead of trying
 * in vain. What has no readiness is attempted, and then the kernel's to complete if it encodes
 * itself.
 */
public final class UringBackend implements Backend {
    private static final long CANCEL_TOKEN = -2;
    private static final int NEEDS_ENTER = IoUring.SQ_CQ_OVERFLOW | IoUring.SQ_TASKRUN;

    /**
     * Enough for the rare operation that blocks after all; without a limit it is that of processes.
     */
    private static final int KERNEL_WORKERS = 4;

    /**
     * So many requests for a device do not wait for the end of the turn: it would be idle while the
     * fibers run, and they while it works through all of them (FileBench, depth 64).
     */
    private static final int DEVICE_BATCH = 4;

    private final Arena arena = Arena.ofAuto();
    private final MemorySegment errno = Kernel.newErrno(arena);
    private final long timespec = arena.allocate(Time.TIMESPEC_SIZE, 8).address();
    private final long waitArgument = arena.allocate(IoUring.GETEVENTS_ARG_SIZE, 8).address();
    private final Ring ring;
    private final SubmissionRing submissions;
    private final CompletionRing completions;
    private final SlotTable<Operation> inFlight = new SlotTable<>();
    private final LinkedHashSet<Operation> unsubmitted = new LinkedHashSet<>();
    private final ArrayDeque<Operation> uncancelled = new ArrayDeque<>();
    private final WakeUp wakeUp;
    private final WakeUpRead wakeUpRead;
    private long turns;

    public UringBackend() throws IOException {
        // Blocking: the ring's read waits by itself, and kernels before 5.16 would hand EAGAIN back
        // for O_NONBLOCK.
        wakeUp = WakeUp.open(errno, 0);
        try {
            ring = Ring.open(errno);
        } catch (IOException e) {
            wakeUp.close();
            throw e;
        }
        submissions = ring.submissions;
        completions = ring.completions;
        limitKernelWorkers();
        // The flag has no feature bit; it came with the kernel that brought this operation (5.19).
        if (ring.probe(errno)[IoUring.OP_SOCKET]) {
            Sqe.knowsPollFirst();
        }
        wakeUpRead =
                new WakeUpRead(
                        new Handle(wakeUp.number(), false),
                        arena.allocate(Long.BYTES, 8).address());
    }

    private void limitKernelWorkers() {
        try (Arena call = Arena.ofConfined()) {
            long limits = call.allocate(8, 4).address();
            Memory.putInt(limits, KERNEL_WORKERS);
            Memory.putInt(limits + 4, KERNEL_WORKERS);
            // Since 5.15; where it is refused the kernel's own limits hold.
            IoUring.register(errno, ring.number, IoUring.REGISTER_IOWQ_MAX_WORKERS, limits, 2);
        }
    }

    @Override
    public String name() {
        return "io_uring";
    }

    /** What the kernel granted: set-up flags and features. */
    public String capabilities() {
        boolean deferred = (ring.flags & IoUring.SETUP_DEFER_TASKRUN) != 0;
        return "flags 0x%x (%s), features 0x%x"
                .formatted(
                        ring.flags,
                        deferred ? "single issuer, deferred task work" : "no deferred task work",
                        ring.features);
    }

    @Override
    public long submit(Operation operation) {
        Handle handle = operation.handle;
        if (handle == null || operation.readiness() == 0) {
            return submitWithoutReadiness(operation);
        }
        boolean encodable = operation.encodable();
        if (encodable
                ? handle.moreToRead && operation.readiness() == Poll.POLLIN
                : handle.mayBeReady(operation)) {
            long result = attempt(operation, handle);
            if (!Operation.wouldBlock(result)) {
                return result;
            }
        }
        handle.link(operation);
        operation.polling = !encodable;
        start(operation);
        return PENDING;
    }

    private long submitWithoutReadiness(Operation operation) {
        long result = operation.attemptWhole(errno);
        Handle handle = operation.handle;
        if (handle == null || !Operation.wouldBlock(result) || !operation.encodable()) {
            return result;
        }
        handle.link(operation);
        operation.polling = false;
        start(operation);
        return PENDING;
    }

    private long attempt(Operation operation, Handle handle) {
        long result = operation.attemptWhole(errno);
        handle.transferred(operation, result);
        return result;
    }

    private void start(Operation operation) {
        int number;
        do {
            number = submissions.begin();
            if (operation.polling) {
                Sqe.poll(submissions.draft(), operation.number(), operation.readiness());
            } else {
                operation.encode(submissions.draft());
            }
        } while (!submissions.isDraft(number));
        if (submissions.isFull()) {
            unsubmitted.add(operation);
            return;
        }
        operation.slot = inFlight.add(operation);
        operation.submittedIn = turns + 1;
        submissions.add(inFlight.token(operation.slot));
        if (operation.isForDevice() && submissions.pending() >= DEVICE_BATCH) {
            submissions.publish();
            enter(submissions.pending(), false, 0);
        }
    }

    @Override
    public void cancel(Operation operation) {
        if (!operation.pending() || operation.cancelRequested) {
            return;
        }
        operation.cancelRequested = true;
        if (operation.slot < 0) {
            unsubmitted.remove(operation);
            finish(operation, -Errno.ECANCELED.number());
            return;
        }
        uncancelled.add(operation);
        submitCancels();
    }

    /** A cancellation is never dropped for want of room: its fiber would wait for ever. */
    private void submitCancels() {
        Operation operation = uncancelled.peek();
        while (operation != null) {
            if (operation.slot >= 0 && operation.cancelRequested) {
                if (submissions.isFull()) {
                    return;
                }
                submissions.begin();
                Sqe.cancel(submissions.draft(), inFlight.token(operation.slot));
                submissions.add(CANCEL_TOKEN);
            }
            uncancelled.remove();
            operation = uncancelled.peek();
        }
    }

    private void submitLeftOver() {
        submitCancels();
        int waiting = unsubmitted.size();
        for (int i = 0; i < waiting; i++) {
            start(unsubmitted.removeFirst());
        }
    }

    @Override
    public void turn(long timeoutNanos) {
        turns++;
        submitLeftOver();
        boolean wait = timeoutNanos != 0 && completions.available() == 0 && unsubmitted.isEmpty();
        if (wait && !wakeUpRead.pending()) {
            wakeUpRead.arm(this);
        }
        submissions.publish();
        int pending = submissions.pending();
        if (pending != 0 || wait || submissions.flagged(NEEDS_ENTER)) {
            enter(pending, wait, timeoutNanos);
        }
        deliver();
    }

    private void enter(int pending, boolean wait, long timeoutNanos) {
        if (wait && timeoutNanos > 0) {
            Time.putTimespec(timespec, timeoutNanos);
            Memory.putLong(waitArgument + IoUring.GETEVENTS_ARG_TIMESPEC, timespec);
        } else {
            Memory.putLong(waitArgument + IoUring.GETEVENTS_ARG_TIMESPEC, 0);
        }
        int result = IoUring.enter(errno, ring.number, pending, wait ? 1 : 0, waitArgument);
        // EAGAIN and EBUSY: completions have to be taken first; what was not taken stays in the
        // ring for the next turn.
        boolean expected =
                result >= 0
                        || Errno.ETIME.is(result)
                        || Errno.EINTR.is(result)
                        || Errno.EAGAIN.is(result)
                        || Errno.EBUSY.is(result);
        if (!expected) {
            throw new AssertionError("io_uring_enter: " + Errno.nameOf(result));
        }
    }

    private void deliver() {
        int count = completions.available();
        for (int i = 0; i < count; i++) {
            long entry = completions.entry(i);
            long token = Memory.getLong(entry + IoUring.CQE_USER_DATA);
            Operation operation = inFlight.find(token);
            if (operation != null) {
                inFlight.remove(operation.slot);
                operation.slot = -1;
                received(
                        operation,
                        Memory.getInt(entry + IoUring.CQE_RES),
                        Memory.getInt(entry + IoUring.CQE_FLAGS));
            } else {
                assert token == CANCEL_TOKEN : "a completion for nobody: " + token;
            }
        }
        completions.advance(count);
    }

    private void received(Operation operation, int result, int flags) {
        Handle handle = operation.handle;
        assert handle != null;
        if (Errno.EINVAL.is(result) && isLostPoll(operation)) {
            if (operation.cancelRequested) {
                finish(operation, -Errno.ECANCELED.number());
            } else {
                start(operation);
            }
            return;
        }
        if (!operation.polling) {
            handle.moreToRead = (flags & IoUring.CQE_F_SOCK_NONEMPTY) != 0;
            long answer = operation.received(result);
            boolean again =
                    Operation.wouldBlock(answer)
                            || Errno.EINTR.is(result)
                            || Errno.EOPNOTSUPP.is(result);
            if (again && !operation.cancelRequested) {
                again(operation, result);
            } else {
                finish(operation, again ? -Errno.ECANCELED.number() : answer);
            }
            return;
        }
        if (result < 0) {
            finish(operation, operation.received(result));
            return;
        }
        handle.happened(result);
        long attempted = attempt(operation, handle);
        if (!Operation.wouldBlock(attempted)) {
            finish(operation, attempted);
        } else if (operation.cancelRequested) {
            finish(operation, -Errno.ECANCELED.number());
        } else {
            start(operation);
        }
    }

    /** The kernel does not complete it by itself: it is waited for, or left to a worker. */
    private void again(Operation operation, int result) {
        operation.polling = operation.readiness() != 0;
        if (operation.polling || Errno.EINTR.is(result)) {
            start(operation);
        } else {
            finish(operation, Operation.WOULD_BLOCK);
        }
    }

    /**
     * A poll of a terminal ends with {@code EINVAL} when something wakes it that is no event, such
     * as a change of the terminal's settings: the kernel arms it again, on two queues, and finds
     * the second one taken by its own first attempt. A file that cannot be polled at all is refused
     * in the very turn, and only for what poll(2) does not call always ready.
     */
    private boolean isLostPoll(Operation operation) {
        boolean poll = operation.polling || operation instanceof PollOperation;
        boolean alwaysReady = (operation.readiness() & (Poll.POLLIN | Poll.POLLOUT)) != 0;
        return poll && (alwaysReady || operation.submittedIn != turns);
    }

    private static void finish(Operation operation, long result) {
        Handle handle = operation.handle;
        assert handle != null;
        handle.unlink(operation);
        operation.complete(result);
    }

    @Override
    public void wakeUp() {
        wakeUp.signal();
    }

    /** The eventfd behind {@link #wakeUp}. */
    int wakeUpNumber() {
        return wakeUp.number();
    }

    /** Has the kernel write to {@code eventfd} when {@link #turn} would deliver something. */
    void announceTo(int eventfd) throws IOException {
        long argument = Kernel.scratch(errno);
        Memory.putInt(argument, eventfd);
        Kernel.check(
                "io_uring_register",
                IoUring.register(errno, ring.number, IoUring.REGISTER_EVENTFD, argument, 1),
                "eventfd " + eventfd);
    }

    /** Whether {@link #turn} would do something without a new event. */
    boolean hasMore() {
        return completions.available() > 0
                || submissions.pending() > 0
                || submissions.flagged(NEEDS_ENTER)
                || !unsubmitted.isEmpty()
                || !uncancelled.isEmpty();
    }

    @Override
    public void forget(Handle handle) {
        assert handle.first() == null : "closing under " + handle.first();
    }

    @Override
    public void close() {
        if (wakeUpRead.pending()) {
            cancel(wakeUpRead);
        }
        // The kernel writes into memory of ours until each request has completed, whatever we
        // close.
        while (inFlight.live() > 0) {
            turn(-1);
        }
        wakeUp.close();
        ring.close(errno);
    }

    /** Takes the count out of the wake-up eventfd; armed only before a wait. */
    private static final class WakeUpRead extends Operation implements Completion {
        private final long buffer;

        WakeUpRead(Handle handle, long buffer) {
            super(handle);
            this.buffer = buffer;
        }

        void arm(UringBackend backend) {
            awaitedBy(this);
            backend.submit(this);
        }

        @Override
        public String call() {
            return "read";
        }

        @Override
        public long attempt(MemorySegment errno) {
            return -Errno.EAGAIN.number();
        }

        @Override
        public int readiness() {
            return Poll.POLLIN;
        }

        @Override
        boolean encodable() {
            return true;
        }

        @Override
        void encode(long entry) {
            Sqe.begin(entry, IoUring.OP_READ, number());
            Sqe.memory(entry, buffer, Long.BYTES);
            Memory.putLong(entry + IoUring.SQE_OFF, -1);
        }

        @Override
        public void completed(Operation operation, long result) {
            // Nothing to do: the loop looks at its queue after every turn.
        }
    }
}
