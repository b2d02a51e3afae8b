package dev.volokno.cares;

import dev.volokno.net.LookupException;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;

/** How c-ares says that something went: 0, or the number of one of these errors. */
final class Status {
    static final int SUCCESS = 0;
    static final int ENODATA = 1;
    static final int EFORMERR = 2;
    static final int ESERVFAIL = 3;
    static final int ENOTFOUND = 4;
    static final int ENOTIMP = 5;
    static final int EREFUSED = 6;
    static final int EBADRESP = 10;
    static final int ECONNREFUSED = 11;
    static final int ETIMEOUT = 12;
    static final int EFILE = 14;
    static final int ENOMEM = 15;
    static final int EDESTRUCTION = 16;
    static final int ECANCELLED = 24;

    private static final String[] NAMES = {
        "SUCCESS", "ENODATA", "EFORMERR", "ESERVFAIL", "ENOTFOUND", "ENOTIMP", "EREFUSED",
        "EBADQUERY", "EBADNAME", "EBADFAMILY", "EBADRESP", "ECONNREFUSED", "ETIMEOUT", "EOF",
        "EFILE", "ENOMEM", "EDESTRUCTION", "EBADSTR", "EBADFLAGS", "ENONAME", "EBADHINTS",
        "ENOTINITIALIZED", "ELOADIPHLPAPI", "EADDRGETNETWORKPARAMS", "ECANCELLED", "ESERVICE"
    };

    private Status() {}

    /** The error's name, such as {@code ARES_ENOTFOUND}. */
    static String nameOf(int status) {
        return "ARES_" + (status >= 0 && status < NAMES.length ? NAMES[status] : "E" + status);
    }

    /** The same if a server has failed or refused so, else that none could be reached. */
    static int ofServer(int status) {
        return switch (status) {
            case EFORMERR, ESERVFAIL, ENOTIMP, EREFUSED -> status;
            default -> ECONNREFUSED;
        };
    }

    /** What to throw for an error that met the question for {@code what}. */
    static IOException failure(String what, int status) {
        return switch (status) {
            case EDESTRUCTION -> new AsynchronousCloseException();
            case ENOMEM -> new IOException(what + ": " + told(status));
            default ->
                    new LookupException(
                            what, nameOf(status), Ares.strerror(status), isTemporary(status));
        };
    }

    /** The error's name and the library's words for it. */
    static String told(int status) {
        return nameOf(status) + " (" + Ares.strerror(status) + ")";
    }

    private static boolean isTemporary(int status) {
        return switch (status) {
            case ESERVFAIL, EREFUSED, EBADRESP, ECONNREFUSED, ETIMEOUT, EFILE -> true;
            default -> false;
        };
    }
}
