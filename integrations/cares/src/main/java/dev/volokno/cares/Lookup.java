package dev.volokno.cares;

import dev.volokno.foreign.Answer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.AsynchronousCloseException;
import java.util.Optional;

/** Something that is asked, and whoever waits for the answer. */
final class Lookup<T> {
    private final String what;
    private final Question question;
    private final Decoder<T> decoder;
    private final Answer<Outcome<T>> answer;

    // The driver's fiber.
    private long id;
    private long leftAt;
    private Place place = Place.WANTED;

    /** Asks it. */
    @FunctionalInterface
    interface Question {
        void ask(AresChannel channel, long id);
    }

    /** Takes the answer out of the memory of the library, which goes after that. */
    @FunctionalInterface
    interface Decoder<T> {
        T decode(MemorySegment result, int length) throws NoAnswerException;
    }

    /** What whoever waits gets, made where he waits: an exception is to have his frames. */
    @FunctionalInterface
    private interface Outcome<T> {
        T get() throws IOException;
    }

    /** Whether it is waited for, and counts among those that are asked. */
    private enum Place {
        WANTED,
        LEFT,
        GIVEN_UP
    }

    /** The message that came is none; the status says why. */
    static final class NoAnswerException extends Exception {
        private static final long serialVersionUID = 1L;

        private final int status;

        NoAnswerException(int status) {
            super(Status.nameOf(status), null, false, false);
            this.status = status;
        }
    }

    Lookup(String what, Question question, Decoder<T> decoder) {
        this.what = what;
        this.question = question;
        this.decoder = decoder;
        answer = new Answer<>("the answer for " + what);
    }

    T await() throws IOException {
        return answer.<IOException>await().get();
    }

    // ---- the driver's fiber

    void ask(AresChannel channel) {
        question.ask(channel, id);
    }

    void number(long given) {
        id = given;
    }

    /** The number that it is asked by; 0 before. */
    long id() {
        return id;
    }

    /** Nobody waits any more. */
    void leave(long now) {
        place = Place.LEFT;
        leftAt = now;
    }

    boolean isLeft() {
        return place != Place.WANTED;
    }

    long leftAt() {
        return leftAt;
    }

    void giveUpPlace() {
        place = Place.GIVEN_UP;
    }

    boolean hasPlace() {
        return place != Place.GIVEN_UP;
    }

    void answered(int status, MemorySegment result, int length) {
        if (status != Status.SUCCESS) {
            failed(status);
            return;
        }
        try {
            T decoded = decoder.decode(result, length);
            answer.give(() -> decoded);
        } catch (NoAnswerException e) {
            failed(e.status);
        }
    }

    private void failed(int status) {
        answer.give(() -> {
            throw Status.failure(what, status);
        });
    }

    /** The channel ends before there is an answer. */
    void abandon(Optional<Throwable> failure) {
        answer.give(() -> {
            if (failure.isPresent()) {
                throw new IOException(what + ": " + failure.get(), failure.get());
            }
            throw new AsynchronousCloseException();
        });
    }
}
