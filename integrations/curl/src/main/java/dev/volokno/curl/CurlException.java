package dev.volokno.curl;

import java.io.IOException;

/** A transfer has failed in a way for which Java has no exception of its own. */
public final class CurlException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int code;

    CurlException(String message, int code) {
        super(message);
        this.code = code;
    }

    /** The number of the error (libcurl-errors(3)), such as 52, {@code CURLE_GOT_NOTHING}. */
    public int code() {
        return code;
    }
}
