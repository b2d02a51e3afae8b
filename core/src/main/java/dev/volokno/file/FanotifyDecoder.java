package dev.volokno.file;

import dev.volokno.file.FanotifyEvent.Name;
import dev.volokno.linux.FileHandles;
import dev.volokno.linux.SysFanotify;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what read(2) has brought of a group that reports names. */
final class FanotifyDecoder {
    private static final int NO_DESCRIPTOR = -1;

    private final ByteBuffer buffer;

    /** {@code buffer} has the machine's byte order. */
    FanotifyDecoder(ByteBuffer buffer) {
        this.buffer = buffer;
    }

    List<FanotifyEvent> decode(int length) {
        var events = new ArrayList<FanotifyEvent>();
        int at = 0;
        while (at < length) {
            int end = at + buffer.getInt(at);
            events.add(decodeOne(at, end));
            at = end;
        }
        return events;
    }

    private FanotifyEvent decodeOne(int start, int end) {
        int info = start + Short.toUnsignedInt(buffer.getShort(start + SysFanotify.METADATA_LEN));
        Name name = null;
        Name movedTo = null;
        int pidfd = NO_DESCRIPTOR;
        while (info < end) {
            int length = Short.toUnsignedInt(buffer.getShort(info + SysFanotify.INFO_LEN));
            switch (buffer.get(info)) {
                case SysFanotify.FAN_EVENT_INFO_TYPE_DFID_NAME,
                        SysFanotify.FAN_EVENT_INFO_TYPE_OLD_DFID_NAME ->
                        name = name(info, length);
                case SysFanotify.FAN_EVENT_INFO_TYPE_NEW_DFID_NAME -> movedTo = name(info, length);
                case SysFanotify.FAN_EVENT_INFO_TYPE_PIDFD ->
                        pidfd = buffer.getInt(info + SysFanotify.INFO_PIDFD);
                default -> {
                    // What newer kernels may add.
                }
            }
            info += length;
        }
        return event(start, pidfd, name, movedTo);
    }

    private FanotifyEvent event(int start, int pidfd, @Nullable Name name, @Nullable Name movedTo) {
        return new FanotifyEvent(
                buffer.getLong(start + SysFanotify.METADATA_MASK),
                buffer.getInt(start + SysFanotify.METADATA_PID),
                pidfd,
                name,
                movedTo);
    }

    private Name name(int info, int length) {
        int handle = info + SysFanotify.INFO_HANDLE;
        int handleLength = FileHandles.HANDLE_SIZE + buffer.getInt(handle);
        int name = handle + handleLength;
        int end = name;
        while (end < info + length && buffer.get(end) != 0) {
            end++;
        }
        return new Name(text(handle, handleLength), text(name, end - name));
    }

    private String text(int start, int length) {
        var bytes = new byte[length];
        buffer.get(start, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
