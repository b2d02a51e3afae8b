package dev.volokno.mosquitto;

import java.lang.foreign.MemorySegment;

/**
 * When the library writes what it has in its queue, and how many packets at a time.
 *
 * <p>A message goes out at once, unless it follows another one closely: then there are many who
 * publish, and it waits until the driver's fiber has its turn, to go out with those that follow.
 */
final class Writing {
    private static final long CLOSELY_NANOS = 20_000;

    private final MemorySegment handle;

    /** How many packets there may be to write, as far as is known here. */
    private int unwritten;

    private boolean publishing;
    private long publishedAt;

    Writing(MemorySegment handle) {
        this.handle = handle;
        publishedAt = System.nanoTime() - CLOSELY_NANOS;
    }

    void published() {
        unwritten++;
        publishing = true;
    }

    /** So many packets have come, which may have to be answered. */
    void answering(int packets) {
        unwritten += packets;
    }

    /** Asked before each sleep of the driver's fiber, and after each call in the place of it. */
    boolean isToWaitForMore() {
        if (!publishing) {
            return false;
        }
        publishing = false;
        long before = publishedAt;
        publishedAt = System.nanoTime();
        return publishedAt - before < CLOSELY_NANOS;
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
