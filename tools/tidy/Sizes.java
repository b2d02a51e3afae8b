import java.util.ArrayList;
import java.util.List;

/** The sizes in one part of the tree; percentiles are taken over each part by itself. */
final class Sizes {
    /** Of fewer files than this, the median says nothing. */
    private static final int MEDIAN_FROM = 10;

    private static final int FILE_MEDIAN = 130;

    private final List<Size> files = new ArrayList<>();
    private final List<Size> methods = new ArrayList<>();
    private final List<Size> nestings = new ArrayList<>();

    private record Size(Report.Place place, String what, long value) {}

    /** All are at most {@code max}, and all but {@code percent} of them at most {@code usual}. */
    private record Limit(String rule, int usual, int percent, int max) {}

    void file(Report.Place place, long lines) {
        files.add(new Size(place, "file", lines));
    }

    void method(Report.Place place, String name, long lines, int nesting) {
        methods.add(new Size(place, name, lines));
        nestings.add(new Size(place, name, nesting));
    }

    void check(String part, Report report) {
        check(files, new Limit("lines", 400, 5, 600), report);
        check(methods, new Limit("method", 25, 5, 60), report);
        check(nestings, new Limit("nesting", 3, 1, 4), report);
        long median = percentile(files, 50);
        if (files.size() >= MEDIAN_FROM && median > FILE_MEDIAN) {
            var text = "the median file has " + median + " lines (<= " + FILE_MEDIAN + ")";
            report.violation(new Report.Place(part, 1), "lines", text);
        }
    }

    private static void check(List<Size> sizes, Limit limit, Report report) {
        var over = sizes.stream().filter(size -> size.value > limit.usual).toList();
        boolean tooMany = over.size() > Math.ceil(sizes.size() * limit.percent / 100.0);
        for (Size size : over) {
            var text = size.what + ": " + size.value;
            if (size.value > limit.max) {
                report.violation(size.place, limit.rule, text + " (<= " + limit.max + ")");
            } else if (tooMany) {
                var share = ", and over " + limit.usual + " may be " + limit.percent + " %";
                report.violation(size.place, limit.rule, text + share);
            }
        }
    }

    @Override
    public String toString() {
        return "%d files of %s lines, %d methods of %s lines, nesting %s"
                .formatted(
                        files.size(),
                        spread(files),
                        methods.size(),
                        spread(methods),
                        spread(nestings));
    }

    private static String spread(List<Size> sizes) {
        return percentile(sizes, 50) + "/" + percentile(sizes, 95) + "/" + percentile(sizes, 100);
    }

    private static long percentile(List<Size> sizes, int percent) {
        var values = sizes.stream().mapToLong(Size::value).sorted().toArray();
        int index = (int) Math.ceil(percent / 100.0 * values.length) - 1;
        return values.length == 0 ? 0 : values[Math.max(0, index)];
    }
}
