package dev.volokno.linux;

import java.util.List;
import java.util.Map;

/**
 * What {@link AbiTest} has to know of one area of the bindings.
 *
 * @param headers where C declares it
 * @param others classes outside this package whose constants are C's
 * @param expressions C's expression for a constant of ours whose name is not C's
 * @param assumed what the code takes for granted without a name
 * @param ours constants that are none of C's
 */
record AbiTable(
        List<String> headers,
        List<String> others,
        Map<String, String> expressions,
        Map<String, Long> assumed,
        List<String> ours) {
    static Map.Entry<String, String> size(String name, String struct) {
        return Map.entry(name, "sizeof(" + struct + ")");
    }

    static Map.Entry<String, String> offset(String name, String struct, String field) {
        return Map.entry(name, "offsetof(" + struct + ", " + field + ")");
    }
}
