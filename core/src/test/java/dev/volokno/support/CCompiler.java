package dev.volokno.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Asks a C compiler for the value of constant expressions. The program is compiled and never run,
 * so that a cross compiler can be asked too: each value is written into the assembly, where it is
 * found behind a mark.
 */
public final class CCompiler {
    private static final Pattern VALUE =
            Pattern.compile("^@@ (\\d+) \\$?#?(-?\\d+)$", Pattern.MULTILINE);
    private static final Pattern UNKNOWN = Pattern.compile("'(\\w+)' undeclared");

    private final String command;

    private CCompiler(String command) {
        this.command = command;
    }

    /** The first of {@code commands} that is here. */
    public static Optional<CCompiler> of(Stream<String> commands) {
        return commands.filter(CCompiler::isHere).findFirst().map(CCompiler::new);
    }

    private static boolean isHere(String command) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, command)));
    }

    /** Whether {@code header} can be included. */
    public boolean has(String header) throws IOException, InterruptedException {
        return !compile(List.of(header), List.of()).contains("fatal error: " + header);
    }

    /** The values by name; those whose expression is newer than the headers are missing. */
    public Map<String, Long> evaluate(List<String> headers, Map<String, String> expressions)
            throws IOException, InterruptedException {
        var asked = new TreeMap<>(expressions);
        String assembly = compile(headers, asked.values());
        Matcher unknown = UNKNOWN.matcher(assembly);
        if (unknown.find()) {
            List<String> newer = UNKNOWN.matcher(assembly).results().map(r -> r.group(1)).toList();
            asked.values().removeIf(newer::contains);
            assembly = compile(headers, asked.values());
        }
        List<String> names = List.copyOf(asked.keySet());
        var values = new TreeMap<String, Long>();
        for (MatchResult found : VALUE.matcher(assembly).results().toList()) {
            values.put(names.get(Integer.parseInt(found.group(1))), Long.valueOf(found.group(2)));
        }
        if (values.size() != names.size()) {
            throw new AssertionError(command + " says:\n" + assembly);
        }
        return values;
    }

    private String compile(List<String> headers, Collection<String> expressions)
            throws IOException, InterruptedException {
        Path source = Files.createTempFile("abi", ".c");
        try {
            Files.writeString(source, program(headers, expressions));
            var builder =
                    new ProcessBuilder(command, "-w", "-S", "-o", "-", source.toString())
                            .redirectErrorStream(true);
            builder.environment().put("LC_ALL", "C");
            Process compiler = builder.start();
            compiler.getOutputStream().close();
            var output = new String(compiler.getInputStream().readAllBytes(), UTF_8);
            compiler.waitFor();
            return output;
        } finally {
            Files.delete(source);
        }
    }

    private static String program(List<String> headers, Collection<String> expressions) {
        var program = new StringBuilder("#define _GNU_SOURCE\n");
        headers.forEach(header -> program.append("#include <").append(header).append(">\n"));
        program.append("void abi(void) {\n");
        int index = 0;
        for (String expression : expressions) {
            program.append(
                    "    __asm__(\"\\n@@ %d %%c0\\n\" :: \"i\"((int) (%s)));\n"
                            .formatted(index++, expression));
        }
        return program.append("}\n").toString();
    }

    @Override
    public String toString() {
        return command;
    }
}
