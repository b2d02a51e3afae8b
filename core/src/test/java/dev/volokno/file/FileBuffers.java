package dev.volokno.file;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.List;

/** Buffers of each kind that takes a way of its own. */
final class FileBuffers {
    private FileBuffers() {}

    static List<ByteBuffer> each(int size) {
        return List.of(
                ByteBuffer.allocate(size),
                ByteBuffer.allocateDirect(size),
                ByteBuffer.allocate(size + 10).position(10).slice(),
                Arena.ofAuto().allocate(size).asByteBuffer());
    }

    static byte[] bytes(ByteBuffer filled) {
        var bytes = new byte[filled.position()];
        filled.get(0, bytes);
        return bytes;
    }
}
