import java.util.Set;
import java.util.TreeSet;

/** What was found. */
final class Report {
    private final Set<String> violations = new TreeSet<>();
    private final Set<String> warnings = new TreeSet<>();

    record Place(String file, long line) {
        @Override
        public String toString() {
            return file + ":" + line;
        }
    }

    void violation(Place place, String rule, String text) {
        violations.add(place + ": " + rule + ": " + text);
    }

    void warning(Place place, String rule, String text) {
        warnings.add(place + ": " + rule + " (warning): " + text);
    }

    int violations() {
        return violations.size();
    }

    void print() {
        warnings.forEach(System.out::println);
        violations.forEach(System.out::println);
    }
}
