package dev.volokno.linux;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Every number in this package, and those elsewhere that are C's, with what C calls it. A new
 * constant is in by itself: its name is C's, or stands in the {@link AbiTable} of its area.
 */
final class AbiConstants {
    private static final List<AbiTable> TABLES =
            List.of(
                    BaseAbi.TABLE,
                    FileAbi.TABLE,
                    NetlinkAbi.TABLE,
                    ProcessAbi.TABLE,
                    SocketAbi.TABLE,
                    TimerAbi.TABLE,
                    TtyAbi.TABLE);

    private static final Map<String, String> EXPRESSIONS = merged(AbiTable::expressions);
    private static final Map<String, Long> ASSUMED = merged(AbiTable::assumed);
    private static final List<String> OTHERS = all(AbiTable::others);
    private static final List<String> OURS = all(AbiTable::ours);

    private AbiConstants() {}

    /** C's name or expression by our name. */
    static Map<String, String> expressions() throws Exception {
        var expressions = new TreeMap<String, String>();
        values().keySet().forEach(name -> expressions.put(name, expression(name)));
        return expressions;
    }

    /** Our value by our name. */
    static Map<String, Long> values() throws Exception {
        var values = new TreeMap<String, Long>(ASSUMED);
        for (Errno errno : Errno.values()) {
            values.put("Errno." + errno.name(), (long) errno.number());
        }
        for (Class<?> type : types()) {
            for (Field field : type.getDeclaredFields()) {
                String name = type.getSimpleName() + "." + field.getName();
                if (isNumber(field) && !OURS.contains(name)) {
                    field.setAccessible(true);
                    values.put(name, ((Number) field.get(null)).longValue());
                }
            }
        }
        return values;
    }

    private static List<Class<?>> types() throws Exception {
        Path classes =
                Path.of(Errno.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (Stream<Path> files = Files.list(classes.resolve("dev/volokno/linux"))) {
            Stream<String> own =
                    files.map(file -> file.getFileName().toString())
                            .filter(file -> file.matches("[A-Z]\\w*\\.class"))
                            .map(file -> "dev.volokno.linux." + file.replace(".class", ""));
            return Stream.concat(own, OTHERS.stream()).<Class<?>>map(AbiConstants::load).toList();
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isNumber(Field field) {
        Class<?> type = field.getType();
        return Modifier.isStatic(field.getModifiers())
                && Modifier.isFinal(field.getModifiers())
                && !field.isSynthetic()
                && (type == int.class || type == long.class || type == short.class);
    }

    private static String expression(String name) {
        String known = EXPRESSIONS.get(name);
        if (known != null || ASSUMED.containsKey(name)) {
            return known != null ? known : name;
        }
        String type = name.substring(0, name.indexOf('.'));
        String field = name.substring(name.indexOf('.') + 1);
        return switch (type) {
            case "IoUring" -> "IORING_" + field;
            case "Arch" -> "__NR_" + field.substring("SYS_".length()).toLowerCase();
            default -> field;
        };
    }

    static List<String> headers() {
        return all(AbiTable::headers);
    }

    private static List<String> all(Function<AbiTable, List<String>> part) {
        return TABLES.stream().flatMap(table -> part.apply(table).stream()).toList();
    }

    private static <V> Map<String, V> merged(Function<AbiTable, Map<String, V>> part) {
        var merged = new TreeMap<String, V>();
        TABLES.forEach(table -> merged.putAll(part.apply(table)));
        return merged;
    }
}
