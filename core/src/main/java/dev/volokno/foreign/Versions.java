package dev.volokno.foreign;

/** Versions of C libraries, in order. */
final class Versions {
    private Versions() {}

    /** Compares the numbers in turn, whatever stands between them; a missing one is 0. */
    static int compare(String one, String other) {
        String[] left = numbers(one);
        String[] right = numbers(other);
        for (int i = 0; i < Math.max(left.length, right.length); i++) {
            int order = Long.compare(number(left, i), number(right, i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static String[] numbers(String version) {
        return version.replaceFirst("^\\D+", "").split("\\D+", -1);
    }

    private static long number(String[] numbers, int index) {
        boolean there = index < numbers.length && !numbers[index].isEmpty();
        return there ? Long.parseLong(numbers[index]) : 0;
    }
}
