package dev.volokno.mosquitto;

import dev.volokno.foreign.LibraryMissingException;
import dev.volokno.foreign.SharedLibrary;

/** The library, whose functions {@link Libmosquitto} calls once it is loaded. */
final class Installed {
    static final SharedLibrary LIBRARY =
            SharedLibrary.of("libmosquitto.so.1", "libmosquitto1").versions("2.0", "2.0.11");

    private static boolean initialised;

    private Installed() {}

    /** Loads it, and has it initialise itself, which it must not do twice at once. */
    static synchronized boolean load() throws LibraryMissingException {
        LIBRARY.load(Libmosquitto::version);
        if (!initialised) {
            Libmosquitto.initialise();
            initialised = true;
        }
        return true;
    }
}
