import java.util.List;
import java.util.Set;

/** The packages of core, and which of them may use which. */
final class Layers {
    /** From high to low: each may use those of the lines after its own, and none of its own. */
    private static final List<Set<String>> ORDER =
            List.of(
                    Set.of("doctor"),
                    Set.of("testing", "foreign", "tty"),
                    Set.of("process"), // a terminal has signals, and programs run on it
                    Set.of("net", "file"),
                    Set.of("fd"),
                    Set.of("loop"),
                    Set.of("fiber"),
                    Set.of("descriptor"),
                    Set.of("engine"),
                    Set.of("backend"),
                    Set.of(""), // dev.volokno itself: what all of them throw
                    Set.of("linux"));

    private Layers() {}

    /** Says what is wrong with {@code user} using {@code used}; empty if nothing is. */
    static String objection(String user, String used) {
        int from = layer(user);
        int to = layer(used);
        if (from < 0 || to < 0) {
            return "package '" + (from < 0 ? user : used) + "' has no place in Layers.ORDER";
        }
        boolean allowed = user.equals(used) || from < to;
        return allowed ? "" : user + " may not use " + used;
    }

    private static int layer(String name) {
        for (int i = 0; i < ORDER.size(); i++) {
            if (ORDER.get(i).contains(name)) {
                return i;
            }
        }
        return -1;
    }
}
