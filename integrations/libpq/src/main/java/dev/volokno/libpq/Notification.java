package dev.volokno.libpq;

/**
 * What somebody told by {@code NOTIFY}.
 *
 * @param channel what was listened to
 * @param payload what was told; may be empty
 * @param process the server's process that it came from, as {@link Postgres#process} tells one's
 *     own
 */
public record Notification(String channel, String payload, int process) {}
