package dev.volokno.loop;

import dev.volokno.linux.Poll;
import java.util.StringJoiner;

/**
 * Conditions of a descriptor, as poll(2) means them: those that a {@linkplain Loop#watch watch}
 * waits for, and those that were found. There is one object for each combination, so that telling
 * costs no memory.
 */
public final class Conditions {
    private static final int[] BITS = {
        Poll.POLLIN, Poll.POLLOUT, Poll.POLLPRI, Poll.POLLRDHUP, Poll.POLLERR, Poll.POLLHUP
    };
    private static final String[] NAMES = {
        "READABLE", "WRITABLE", "PRIORITY", "PEER_CLOSED", "ERROR", "HANG_UP"
    };
    private static final int ASKABLE = Poll.POLLIN | Poll.POLLOUT | Poll.POLLPRI | Poll.POLLRDHUP;

    /** Those of poll(2) that are used are below this but for one, which is moved there. */
    private static final int MOVED = Poll.POLLHUP << 1;

    private static final Conditions[] ALL = new Conditions[MOVED << 1];

    static {
        for (int i = 0; i < ALL.length; i++) {
            ALL[i] = new Conditions((i & ~MOVED) | ((i & MOVED) != 0 ? Poll.POLLRDHUP : 0));
        }
    }

    /** None: the watch ends. */
    public static final Conditions NONE = of(0);

    /** A read would not block: data, or the end. */
    public static final Conditions READABLE = of(Poll.POLLIN);

    /** A write would not block. */
    public static final Conditions WRITABLE = of(Poll.POLLOUT);

    /** Something exceptional: urgent data, a changed attribute, a threshold. */
    public static final Conditions PRIORITY = of(Poll.POLLPRI);

    /** A socket's peer has ended its output or is gone; bytes may be left to read. */
    public static final Conditions PEER_CLOSED = of(Poll.POLLRDHUP);

    private final int bits;

    private Conditions(int bits) {
        this.bits = bits;
    }

    static Conditions of(int events) {
        return ALL[(events & (MOVED - 1)) | ((events & Poll.POLLRDHUP) != 0 ? MOVED : 0)];
    }

    /** These and those of {@code others}. */
    public Conditions and(Conditions others) {
        return of(bits | others.bits);
    }

    /** These but for those of {@code others}. */
    public Conditions without(Conditions others) {
        return of(bits & ~others.bits);
    }

    /** Whether all of {@code others} are among these. */
    public boolean include(Conditions others) {
        return (bits & others.bits) == others.bits;
    }

    /** Whether a read would not block. */
    public boolean readable() {
        return (bits & Poll.POLLIN) != 0;
    }

    /** Whether a write would not block. */
    public boolean writable() {
        return (bits & Poll.POLLOUT) != 0;
    }

    /** Whether there is something exceptional. */
    public boolean priority() {
        return (bits & Poll.POLLPRI) != 0;
    }

    /** Whether there is an error, or a pipe has no reader; told without being asked for. */
    public boolean error() {
        return (bits & Poll.POLLERR) != 0;
    }

    /** Whether the other side has hung up; told without being asked for. */
    public boolean hangUp() {
        return (bits & Poll.POLLHUP) != 0;
    }

    /** The bits to poll for: 0 if these are none. */
    int asked() {
        int asked = bits & ASKABLE;
        if (asked == 0 && bits != 0) {
            throw new IllegalArgumentException(this + " cannot be asked for: they are told anyway");
        }
        return asked;
    }

    @Override
    public String toString() {
        var names = new StringJoiner("|").setEmptyValue("NONE");
        for (int i = 0; i < BITS.length; i++) {
            if ((bits & BITS[i]) != 0) {
                names.add(NAMES[i]);
            }
        }
        return names.toString();
    }
}
