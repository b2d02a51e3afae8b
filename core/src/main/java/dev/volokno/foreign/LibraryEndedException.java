package dev.volokno.foreign;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A C library's handle is used after its end; the cause is what it failed by, if it did. */
public final class LibraryEndedException extends IOException {
    private static final long serialVersionUID = 1L;

    LibraryEndedException(String name, @Nullable Throwable failure) {
        super(failure == null ? name + " is closed" : name + " has ended: " + failure, failure);
    }
}
