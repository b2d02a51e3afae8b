package dev.volokno.backend;

import dev.volokno.linux.Errno;
import dev.volokno.linux.Poll;
import dev.volokno.linux.SysEpoll;
import dev.volokno.linux.Unistd;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Waits for descriptors that are not ours: their owner, a C library as a rule, may close or replace
 * them behind our back.
 *
 * <p>They live in an epoll set of their own, which the loop's backend polls like any descriptor. A
 * ring must not poll them itself: it would hold on to the file, so that closing it sends no FIN and
 * its number's next file is not seen. Every registration is one-shot, so one that was left behind
 * by a closed number fires at most once, and its token, which is of an older generation, finds
 * nobody.
 *
 * <pre>
 *   MOD -> ENOENT  not registered, or the number is another file now: ADD
 *   ADD -> EEXIST  registered meanwhile under the same file: MOD
 *   either EBADF   the number is closed: the waiter is told
 *   either EPERM   the file cannot be polled, and poll(2) called it not ready: the waiter is told
 *   DEL -> any     its owner was faster: nothing is left to remove
 * </pre>
 */
public final class ForeignSet implements Completion {
    private static final int EVENTS_PER_TURN = 64;
    private static final int ASKED = Poll.POLLIN | Poll.POLLOUT | Poll.POLLPRI;

    private final Backend backend;
    private final Arena arena = Arena.ofAuto();
    private final MemorySegment errno = Kernel.newErrno(arena);
    private final long events =
            arena.allocate((long) EVENTS_PER_TURN * SysEpoll.EVENT_SIZE, 8).address();
    private final long oneEvent = arena.allocate(SysEpoll.EVENT_SIZE, 8).address();
    private final int epoll;
    private boolean ended;
    private final PollOperation poll;
    private final Map<Integer, Watched> byNumber = new HashMap<>();
    private final SlotTable<Watched> slots = new SlotTable<>();
    private final List<ForeignSleep> awoken = new ArrayList<>();
    private final Set<ForeignSleep> sleeps = new HashSet<>();

    /** What is waited for on one number. */
    private static final class Watched {
        final int number;
        final List<ForeignWait> waits = new ArrayList<>(2);
        int slot;

        /** How many stay registered between their waits. */
        int keepers;

        Watched(int number) {
            this.number = number;
        }

        int mask() {
            int mask = 0;
            for (ForeignWait wait : waits) {
                mask |= wait.readiness();
            }
            return mask;
        }
    }

    public ForeignSet(Backend backend) throws IOException {
        this.backend = backend;
        epoll =
                Kernel.check(
                        "epoll_create1",
                        SysEpoll.create(errno, SysEpoll.EPOLL_CLOEXEC),
                        "a new epoll set");
        poll = new PollOperation(new Handle(epoll, false), Poll.POLLIN);
    }

    /** Begins a wait: what is there already, a negated errno, or {@link Backend#PENDING}. */
    long submit(ForeignWait wait) {
        if (ended) {
            return -Errno.ESHUTDOWN.number();
        }
        int ready = Poll.now(errno, Kernel.scratch(errno), wait.foreignNumber(), wait.readiness());
        if (ready != 0) {
            return (ready & Poll.POLLNVAL) != 0 ? -Errno.EBADF.number() : ready;
        }
        // Before it is armed: what comes from then on is told in a later turn, and never from here.
        while (!poll.pending()) {
            int failure = listen();
            if (failure != 0) {
                return failure;
            }
        }
        Watched watched = byNumber.computeIfAbsent(wait.foreignNumber(), this::watch);
        watched.waits.add(wait);
        int result = arm(watched);
        if (result != 0) {
            end(wait);
            return result;
        }
        return Backend.PENDING;
    }

    private Watched watch(int number) {
        var watched = new Watched(number);
        watched.slot = slots.add(watched);
        return watched;
    }

    private int arm(Watched watched) {
        SysEpoll.put(oneEvent, watched.mask() | SysEpoll.EPOLLONESHOT, slots.token(watched.slot));
        int result = control(SysEpoll.EPOLL_CTL_MOD, watched.number);
        if (Errno.ENOENT.is(result)) {
            result = control(SysEpoll.EPOLL_CTL_ADD, watched.number);
        }
        if (Errno.EEXIST.is(result)) {
            result = control(SysEpoll.EPOLL_CTL_MOD, watched.number);
        }
        return result;
    }

    private int control(int command, int number) {
        return SysEpoll.ctl(errno, epoll, command, number, oneEvent);
    }

    void cancel(ForeignPoll wait) {
        if (wait.pending()) {
            end(wait);
            wait.complete(-Errno.ECANCELED.number());
        }
    }

    /** Ends a wait, if it still goes on. */
    void end(ForeignWait wait) {
        Watched watched = byNumber.get(wait.foreignNumber());
        if (watched != null && watched.waits.remove(wait)) {
            dropIfUnused(watched);
        }
    }

    /** Between waits for it {@code number} stays registered, until {@link #letGo}. */
    void keep(int number) {
        byNumber.computeIfAbsent(number, this::watch).keepers++;
    }

    void letGo(int number) {
        Watched watched = byNumber.get(number);
        if (watched != null) {
            watched.keepers--;
            dropIfUnused(watched);
        }
    }

    private void dropIfUnused(Watched watched) {
        if (watched.waits.isEmpty() && watched.keepers == 0) {
            byNumber.remove(watched.number);
            slots.remove(watched.slot);
            control(SysEpoll.EPOLL_CTL_DEL, watched.number);
        }
    }

    /** A sleep that has something to tell once all events that are there have been looked at. */
    void wakeLater(ForeignSleep sleep) {
        awoken.add(sleep);
    }

    private void wakeSleeps() {
        for (int i = 0; i < awoken.size(); i++) {
            awoken.get(i).wake();
        }
        awoken.clear();
    }

    /** The loop ends: so do all waits, and none begins any more. */
    public void endWaits() {
        ended = true;
        tellEverybody(-Errno.ESHUTDOWN.number());
        List.copyOf(sleeps).forEach(ForeignSleep::loopEnds);
    }

    boolean isEnded() {
        return ended;
    }

    void add(ForeignSleep sleep) {
        sleeps.add(sleep);
    }

    void remove(ForeignSleep sleep) {
        sleeps.remove(sleep);
    }

    private void tellEverybody(int result) {
        for (Watched watched : List.copyOf(byNumber.values())) {
            tellAll(watched, result);
        }
    }

    private void tellAll(Watched watched, long result) {
        for (ForeignWait wait : List.copyOf(watched.waits)) {
            end(wait);
            wait.found(result);
        }
    }

    /** Ends every wait on {@code number}, which its owner is about to close. */
    public void forget(int number) {
        Watched watched = byNumber.get(number);
        if (watched != null) {
            for (ForeignWait wait : List.copyOf(watched.waits)) {
                if (wait instanceof ForeignPoll poll) {
                    cancel(poll);
                }
            }
        }
    }

    /** Has the backend tell when the set has an event; a negated errno if it cannot. */
    private int listen() {
        poll.awaitedBy(this);
        long result = backend.submit(poll);
        if (result == Backend.PENDING) {
            return 0;
        }
        poll.answered();
        if (result < 0) {
            return (int) result;
        }
        deliver();
        return 0;
    }

    @Override
    public void completed(Operation operation, long result) {
        deliver();
    }

    private void deliver() {
        int count;
        do {
            count = SysEpoll.now(errno, epoll, events, EVENTS_PER_TURN);
            for (int i = 0; i < count; i++) {
                long event = events + (long) i * SysEpoll.EVENT_SIZE;
                Watched watched = slots.find(SysEpoll.data(event));
                if (watched != null) {
                    happened(watched, SysEpoll.events(event));
                }
            }
        } while (count == EVENTS_PER_TURN);
        wakeSleeps();
        if (!ended && !byNumber.isEmpty() && !poll.pending()) {
            int failure = listen();
            if (failure != 0) {
                tellEverybody(failure);
                wakeSleeps();
            }
        }
    }

    private void happened(Watched watched, int found) {
        int told = (found & (Poll.POLLERR | Poll.POLLHUP)) != 0 ? ASKED : found;
        for (ForeignWait wait : List.copyOf(watched.waits)) {
            if ((wait.readiness() & told) != 0) {
                end(wait);
                wait.found(found);
            }
        }
        if (!watched.waits.isEmpty()) {
            rearm(watched);
        }
    }

    private void rearm(Watched watched) {
        int result = arm(watched);
        if (result != 0) {
            tellAll(watched, result);
        }
    }

    public void close() {
        if (poll.pending()) {
            backend.cancel(poll);
        }
        // A ring answers in its next turns.
        while (poll.pending()) {
            backend.turn(-1);
        }
        Unistd.close(errno, epoll);
    }
}
