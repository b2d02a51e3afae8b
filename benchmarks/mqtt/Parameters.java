/** What all clients have in common. */
final class Parameters {
    /** So many messages are under way at once. */
    static final int IN_FLIGHT = 64;

    static final int BYTES = 100;

    private Parameters() {}

    /** A run with a message that was not delivered is none. */
    static void fail(Throwable why) {
        System.err.println("not delivered: " + why);
        System.exit(1);
    }
}
