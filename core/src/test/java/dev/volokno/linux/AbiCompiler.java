package dev.volokno.linux;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
final class AbiCompiler {
    private static final Pattern VALUE =
            Pattern.compile("^@@ (\\d+) \\$?#?(-?\\d+)$", Pattern.MULTILINE);
    private static final Pattern UNKNOWN = Pattern.compile("'(\\w+)' undeclared");

    private final String command;

    private AbiCompiler(String command) {
        this.command = command;
    }

    /** The compiler for an architecture, if there is one here. */
    static Stream<AbiCompiler> of(Arch arch) {
        String name = arch == Arch.X86_64 ? "x86_64" : "aarch64";
        Stream<String> commands =
                arch == Arch.CURRENT
                        ? Stream.of("gcc", name + "-linux-gnu-gcc")
                        : Stream.of(name + "-linux-gnu-gcc");
        return commands.filter(AbiCompiler::isHere).limit(1).map(AbiCompiler::new);
    }

    private static boolean isHere(String command) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, command)));
    }

    /** The values by name; those whose expression is newer than the headers are missing. */
    Map<String, Long> evaluate(Map<String, String> expressions) throws Exception {
        var asked = new TreeMap<>(expressions);
        String assembly = compile(asked);
        Matcher unknown = UNKNOWN.matcher(assembly);
        if (unknown.find()) {
            List<String> newer = UNKNOWN.matcher(assembly).results().map(r -> r.group(1)).toList();
            asked.values().removeIf(newer::contains);
            assembly = compile(asked);
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

    private String compile(Map<String, String> expressions)
            throws IOException, InterruptedException {
        Path source = Files.createTempFile("abi", ".c");
        try {
            Files.writeString(source, program(expressions));
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

    private static String program(Map<String, String> expressions) {
        var program = new StringBuilder("#define _GNU_SOURCE\n");
        AbiConstants.headers()
                .forEach(header -> program.append("#include <").append(header).append(">\n"));
        program.append("void abi(void) {\n");
        int index = 0;
        for (String expression : expressions.values()) {
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
