package dev.volokno.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The numbers that a binding to a C library writes down, beside those of the library's headers. A
 * new constant of a class that is checked is in by itself: its name is C's, or it is named here.
 */
public final class HeaderCheck {
    private final CCompiler compiler;
    private final List<String> headers;
    private final Map<String, String> expressions = new TreeMap<>();
    private final Map<String, Long> written = new TreeMap<>();

    private HeaderCheck(CCompiler compiler, List<String> headers) {
        this.compiler = compiler;
        this.headers = headers;
    }

    /** Aborts the test without a compiler or without the headers, which a package of Debian has. */
    public static HeaderCheck of(String debianPackage, String... headers) throws Exception {
        CCompiler compiler =
                CCompiler.of(Stream.of("gcc")).orElseGet(() -> abort("needs gcc: gcc, libc6-dev"));
        for (String header : headers) {
            if (!compiler.has(header)) {
                abort("needs " + header + ": " + debianPackage);
            }
        }
        var all = new ArrayList<>(List.of(headers));
        all.add("stddef.h");
        return new HeaderCheck(compiler, all);
    }

    /**
     * Every number of a class. C calls it the same behind {@code prefix}, unless a line of {@code
     * names} says what else: {@code OUR_NAME = an expression in C}, or {@code OUR_NAME = ours} for
     * what C knows nothing of.
     */
    public HeaderCheck numbers(Class<?> type, String prefix, String names) throws Exception {
        Map<String, String> special =
                names.lines()
                        .map(line -> line.split(" = ", 2))
                        .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
        for (Field field : type.getDeclaredFields()) {
            String expression = special.remove(field.getName());
            if (isNumber(field) && !"ours".equals(expression)) {
                field.setAccessible(true);
                String name = type.getSimpleName() + "." + field.getName();
                written.put(name, ((Number) field.get(null)).longValue());
                expressions.put(name, expression != null ? expression : prefix + field.getName());
            }
        }
        assertThat(special).as("names that %s does not have", type).isEmpty();
        return this;
    }

    private static boolean isNumber(Field field) {
        Class<?> type = field.getType();
        return Modifier.isStatic(field.getModifiers())
                && Modifier.isFinal(field.getModifiers())
                && (type == int.class || type == long.class);
    }

    /** A number that the code takes for granted without a name. */
    public HeaderCheck assumed(long number, String expression) {
        written.put(expression, number);
        expressions.put(expression, expression);
        return this;
    }

    /** Compares them all; what is newer than the headers is passed over. */
    public void check() throws Exception {
        Map<String, Long> said = compiler.evaluate(headers, expressions);
        written.keySet().retainAll(said.keySet());
        assertThat(written).isNotEmpty().isEqualTo(said);
    }
}
