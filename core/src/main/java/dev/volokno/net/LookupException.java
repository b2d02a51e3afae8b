package dev.volokno.net;

import java.net.UnknownHostException;

/** A name, or the name of an address, was not found (getaddrinfo(3), getnameinfo(3)). */
public final class LookupException extends UnknownHostException {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final boolean temporary;

    /**
     * Creates one, temporary if its code is {@code EAI_AGAIN}.
     *
     * @param what the name or address that was looked up
     * @param code the error's name, such as {@code EAI_NONAME}
     * @param message words for it
     */
    public LookupException(String what, String code, String message) {
        this(what, code, message, code.equals("EAI_AGAIN"));
    }

    /**
     * Creates one.
     *
     * @param what the name or address that was looked up
     * @param code the error's name as the resolver has it
     * @param message words for it
     * @param temporary whether there may be an answer later
     */
    public LookupException(String what, String code, String message, boolean temporary) {
        super(what + ": " + code + " (" + message + ")");
        this.code = code;
        this.temporary = temporary;
    }

    /**
     * The error's name: {@code EAI_NONAME}, {@code EAI_AGAIN}, an errno's, or another resolver's.
     */
    public String code() {
        return code;
    }

    /** Whether there may be an answer later: no server has answered. */
    public boolean isTemporary() {
        return temporary;
    }
}
