package dev.volokno.net;

import dev.volokno.SystemCallException;

/**
 * The kernel had more messages for a socket than its buffer holds, and dropped some ({@code
 * ENOBUFS}, netlink(7)). What is still there, and what comes later, can be received; whoever keeps
 * account of something has to take stock anew.
 */
public final class OverrunException extends SystemCallException {
    private static final long serialVersionUID = 1L;

    OverrunException(String target, SystemCallException cause) {
        super(cause.call(), cause.errno(), target, "messages were lost");
        initCause(cause);
    }
}
