package dev.volokno.mosquitto;

import java.lang.foreign.MemorySegment;

/**
 * When the library writes what it has in its queue, and how many packets at a time.
 *
 * <p>The first message of a turn goes out at once. Those that others publish in the same turn, in
 * the place of the driver's fiber, wait until that runs, and go out together.
 */
final class Writing {
    private final MemorySegment handle;

    /** How many packets there may be to write, as far as is known here. */
    private int unwritten;

    private boolean publishing;

    /** One was written in the place of the driver's fiber, which has not run since. */
    private boolean gathering;

    Writing(MemorySegment handle) {
        this.handle = handle;
    }

    void published() {
        unwritten++;
        publishing = true;
    }

    /** So many packets have come, which may have to be answered. */
    void answering(int packets) {
        unwritten += packets;
    }

    /** Asked before each sleep, and after each call in the place of the driver's fiber. */
    boolean isToWaitForMore() {
        boolean more = publishing && gathering;
        gathering = publishing;
        publishing = false;
        return more;
    }

    /** Writes as much as the socket takes. */
    int write() {
        int socket = Libmosquitto.socket(handle);
        boolean together = unwritten > 1;
        unwritten = 0;
        if (!together) {
            return Libmosquitto.write(handle);
        }
        Cork.put(socket);
        int result = Libmosquitto.write(handle);
        if (Libmosquitto.socket(handle) == socket) {
            Cork.pull(socket);
        }
        return result;
    }
}
