package dev.volokno.mosquitto;

import dev.volokno.foreign.Answer;

/** A message that somebody waits for the delivery of. */
final class Publication {
    final Message message;
    final Answer<Integer> delivered = new Answer<>("the delivery of a message");

    /** Nobody waits any more. */
    volatile boolean withdrawn;

    Publication(Message message) {
        this.message = message;
    }
}
