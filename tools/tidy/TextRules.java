import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** What no line of any text may hold. */
final class TextRules {
    // Put together, so that this file does not hold them either.
    private static final Pattern AUTHOR = Pattern.compile("@" + "author\\b");
    private static final Pattern MARKER = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");
    private static final Pattern MACHINE_PATH =
            Pattern.compile("(?<![\\w.}*])/(home/\\w+|Users/\\w+|root|work|workspace)/");

    private final Optional<Pattern> host = hostName().map(Pattern::quote).map(Pattern::compile);
    private final Report report;

    TextRules(Report report) {
        this.report = report;
    }

    void check(Report.Place place, String line) {
        if (AUTHOR.matcher(line).find()) {
            report.violation(place, "author", "the history knows who wrote it");
        }
        if (MARKER.matcher(line).find()) {
            report.violation(place, "marker", "do it, or name an issue");
        }
        if (MACHINE_PATH.matcher(line).find()
                || host.filter(name -> name.matcher(line).find()).isPresent()) {
            report.violation(place, "machine", "a path or host of one machine");
        }
    }

    /** This host's name, unless it is one that may stand in a text by chance. */
    private static Optional<String> hostName() {
        try {
            var name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
            return Optional.of(name).filter(n -> n.length() >= 12 && n.matches(".*[-0-9].*"));
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
