package dev.volokno.tty;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A serial port has come or gone.
 *
 * @param change which of the two
 * @param path its device
 * @param device what is known of one that has come; udev's name for it is made a little later, and
 *     so are its permissions. Empty if it has gone
 */
public record SerialEvent(Change change, Path path, Optional<SerialDevice> device) {
    /** What has happened. */
    public enum Change {
        /** It was plugged in. */
        ADDED,
        /** It was unplugged. */
        REMOVED
    }
}
