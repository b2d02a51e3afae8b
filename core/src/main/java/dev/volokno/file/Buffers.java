package dev.volokno.file;

import dev.volokno.backend.FileTransfer;
import java.nio.ByteBuffer;
import java.util.Objects;

/** Buffers that are filled or emptied one after the other. */
final class Buffers {
    private final ByteBuffer[] all;
    private final int from;
    private final int end;

    private Buffers(ByteBuffer[] all, int from, int end) {
        this.all = all;
        this.from = from;
        this.end = end;
    }

    static Buffers of(ByteBuffer[] all, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, all.length);
        return new Buffers(all, offset, offset + length);
    }

    /** Those that are to be filled. */
    static Buffers targets(ByteBuffer[] all, int offset, int length) {
        Buffers targets = of(all, offset, length);
        for (int i = targets.from; i < targets.end; i++) {
            writable(all[i]);
        }
        return targets;
    }

    static ByteBuffer writable(ByteBuffer target) {
        if (target.isReadOnly()) {
            throw new IllegalArgumentException("cannot read into a read-only buffer: " + target);
        }
        return target;
    }

    /** Without those at the front that are done. */
    Buffers left() {
        int first = from;
        while (first < end && !all[first].hasRemaining()) {
            first++;
        }
        return first == from ? this : new Buffers(all, first, end);
    }

    /** Has a transfer move as many of them as go at a time. */
    FileTransfer begin(FileTransfer transfer, long position) {
        return transfer.begin(all, from, end, position);
    }

    boolean isEmpty() {
        return from == end;
    }

    long remaining() {
        long remaining = 0;
        for (int i = from; i < end; i++) {
            remaining += all[i].remaining();
        }
        return remaining;
    }
}
