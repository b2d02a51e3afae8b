package dev.volokno.libpq;

import java.util.Optional;

/**
 * What the server says about a command: a notice, or why it failed.
 *
 * @param severity {@code ERROR}, {@code FATAL}, {@code WARNING}, {@code NOTICE} and so on, in
 *     English
 * @param sqlState five characters of PostgreSQL's error codes
 * @param text one line, as a rule
 * @param detail more about it
 * @param hint what to do
 * @param position where in the command's text, in characters from 1; 0 if it is not told
 * @param context where in functions
 * @param subject the constraint, data type, column or table that it is about, the first that is
 *     told
 */
public record ServerMessage(
        String severity,
        String sqlState,
        String text,
        Optional<String> detail,
        Optional<String> hint,
        int position,
        Optional<String> context,
        Optional<String> subject) {

    static ServerMessage of(PqResult result) {
        return new ServerMessage(
                result.errorField('V').or(() -> result.errorField('S')).orElse(""),
                result.errorField('C').orElse(""),
                result.errorField('M').orElseGet(result::errorMessage),
                result.errorField('D'),
                result.errorField('H'),
                result.errorField('P').map(ServerMessage::position).orElse(0),
                result.errorField('W'),
                subject(result));
    }

    /** Nothing is thrown for other texts: notices come in a callback from C. */
    private static int position(String text) {
        return text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
    }

    private static Optional<String> subject(PqResult result) {
        return result.errorField('n')
                .or(() -> result.errorField('d'))
                .or(() -> result.errorField('c'))
                .or(() -> result.errorField('t'));
    }

    /** Whether the connection ends with it: a server that goes down only warns of that. */
    boolean isFatal() {
        return severity.equals("FATAL") || severity.equals("PANIC") || sqlState.startsWith("57P");
    }

    @Override
    public String toString() {
        return severity
                + " "
                + sqlState
                + ": "
                + text
                + detail.map(more -> "; " + more).orElse("")
                + hint.map(more -> " (" + more + ")").orElse("");
    }
}
