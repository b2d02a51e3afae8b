package dev.volokno.mosquitto;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.volokno.foreign.CString;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A message in C's memory, for the time of a call that copies it. The memory is used again for the
 * next one, and a topic that is used again is not copied again.
 */
final class Outgoing {
    private static final int INITIAL = 1024;

    private final Arena arena;
    private MemorySegment buffer;
    private String topicText = "";
    private MemorySegment topic = MemorySegment.NULL;
    private MemorySegment topicBuffer;
    private Message message = Message.of("", new byte[0]);

    /** One in memory of {@code arena}'s. */
    Outgoing(Arena arena) {
        this.arena = arena;
        buffer = arena.allocate(INITIAL);
        topicBuffer = arena.allocate(INITIAL);
    }

    /** Holds {@code next} from now on. */
    Outgoing hold(Message next) {
        if (!next.topic().equals(topicText)) {
            holdTopic(next.topic());
        }
        int length = next.payload().length;
        if (length > buffer.byteSize()) {
            buffer = arena.allocate(length + (long) length / 2);
        }
        MemorySegment.copy(next.payload(), 0, buffer, JAVA_BYTE, 0, length);
        message = next;
        return this;
    }

    private void holdTopic(String text) {
        long room = 3L * text.length() + 1;
        if (room > topicBuffer.byteSize()) {
            topicBuffer = arena.allocate(2 * room);
        }
        var memory = topicBuffer;
        topic = CString.of((size, _) -> memory.asSlice(0, size), text);
        topicText = text;
    }

    MemorySegment topic() {
        return topic;
    }

    MemorySegment payload() {
        return message.payload().length == 0 ? MemorySegment.NULL : buffer;
    }

    int length() {
        return message.payload().length;
    }

    int qos() {
        return message.qos().number();
    }

    boolean retained() {
        return message.retained();
    }
}
