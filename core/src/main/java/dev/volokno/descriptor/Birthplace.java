package dev.volokno.descriptor;

/** Where in the user's code a descriptor was opened: the innermost frame outside this library. */
final class Birthplace {
    private static final String LIBRARY = "dev.volokno.";

    private Birthplace() {}

    /** One string for each place, however many descriptors are opened there. */
    static String here() {
        return StackWalker.getInstance()
                .walk(frames ->
                        frames.filter(frame -> isUsers(frame.getClassName()))
                                .findFirst()
                                .map(frame -> frame.toString().intern())
                                .orElse("the library itself"));
    }

    private static boolean isUsers(String className) {
        return !className.startsWith(LIBRARY) && !className.startsWith("java.");
    }
}
