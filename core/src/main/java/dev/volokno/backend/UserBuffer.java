package dev.volokno.backend;

import dev.volokno.linux.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The user's buffer during one operation. The kernel may keep the address of a <em>lasting</em> one
 * while a fiber is parked: nobody can free it meanwhile. Any other (a heap array, or a segment of a
 * shared arena that another thread may close) is only passed to a call that returns at once.
 */
final class UserBuffer {
    // The scopes are told apart by class, because no public method tells whether one can be closed
    // by others. A class
    // that is not listed counts as not lasting.
    private static final Class<?> ALLOCATED_DIRECT =
            scopeOf(MemorySegment.ofBuffer(ByteBuffer.allocateDirect(1)));
    private static final Class<?> AUTO = scopeOf(Arena.ofAuto().allocate(1));
    private static final Class<?> GLOBAL = scopeOf(Arena.global().allocate(1));
    private static final Class<?> CONFINED = confined();

    private @Nullable ByteBuffer buffer;

    /**
     * The last buffer that nobody can free, and where it begins. Mostly the next one is the same;
     * to ask again allocates a segment, 72 bytes a call (StreamBenchmark).
     */
    private @Nullable WeakReference<ByteBuffer> known;

    private long base;

    /** Where in its array a heap buffer begins; its owner may move its position meanwhile. */
    private long start;

    private long address;
    private int length;
    private boolean lasting;

    private static Class<?> confined() {
        try (Arena arena = Arena.ofConfined()) {
            return scopeOf(arena.allocate(1));
        }
    }

    private static Class<?> scopeOf(MemorySegment segment) {
        return segment.scope().getClass();
    }

    /** Takes the buffer's remaining bytes; called on the thread that waits. */
    void hold(ByteBuffer user) {
        buffer = user;
        length = user.remaining();
        if (user.hasArray()) {
            start = (long) user.arrayOffset() + user.position();
            lasting = false;
            return;
        }
        WeakReference<ByteBuffer> before = known;
        if (before != null && before.refersTo(user)) {
            lasting = true;
            address = base + user.position();
            return;
        }
        lasting = false;
        if (user.isDirect()) {
            look(user, MemorySegment.ofBuffer(user));
        }
    }

    private void look(ByteBuffer user, MemorySegment segment) {
        refuseForeign(segment);
        Class<?> scope = scopeOf(segment);
        address = segment.address();
        if (scope == ALLOCATED_DIRECT || scope == AUTO || scope == GLOBAL) {
            lasting = true;
            known = new WeakReference<>(user);
            base = address - user.position();
        } else {
            // Its owner is the thread that will be parked meanwhile.
            lasting = scope == CONFINED && segment.isAccessibleBy(Thread.currentThread());
        }
    }

    /** A freed buffer still has an address, which the kernel would believe. */
    private static void refuseForeign(MemorySegment segment) {
        if (!segment.scope().isAlive()) {
            throw new IllegalStateException("the buffer's arena is closed");
        }
        if (!segment.isAccessibleBy(Thread.currentThread())) {
            throw new WrongThreadException("the buffer's arena is confined to another thread");
        }
    }

    /** What a call answers whose buffer's arena was closed during the wait. */
    static long gone() {
        return -Errno.EFAULT.number();
    }

    void letGo() {
        buffer = null;
    }

    boolean lasting() {
        return lasting;
    }

    long address() {
        return address;
    }

    int length() {
        return length;
    }

    void shorten(int longest) {
        length = Math.min(length, longest);
    }

    /** For a call that returns at once; holds a shared arena open for its time. */
    @SuppressWarnings("ByteBufferBackingArray") // the offset is in start
    MemorySegment segment() {
        ByteBuffer held = buffer;
        assert held != null;
        if (!held.hasArray()) {
            return MemorySegment.ofBuffer(held).asSlice(0, length);
        }
        // The compiler knows the one class of these, and makes none of them.
        return MemorySegment.ofArray(held.array()).asSlice(start, length);
    }
}
