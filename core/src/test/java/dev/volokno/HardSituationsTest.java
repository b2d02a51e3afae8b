package dev.volokno;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/** The page of hard situations names tests, and says of nothing more than there is. */
class HardSituationsTest {
    private static final Path PAGE = Path.of("..", "docs", "hard-situations.md");
    private static final Path SOURCES = Path.of("src", "test", "java");
    private static final Path INTEGRATIONS = Path.of("..", "integrations");
    private static final Path INTEGRATION_TESTS = Path.of("..", "integration-tests");

    /** As they are written in the sources: a test's annotation, perhaps others, and the method. */
    private static final Pattern TEST_METHOD =
            Pattern.compile("@(?:Test|ParameterizedTest|Each\\w+)\\b[^;]*?void (\\w+)\\(");

    private static final Pattern NAMED = Pattern.compile("`(\\w+(?:Test|Properties))\\.(\\w+)`");
    private static final String HEADING = "| situation | test, or why not |";

    @Test
    void everyTestThatThePageNamesExists() throws Exception {
        Map<String, List<Path>> sources = sourcesByClass();
        List<MatchResult> named = NAMED.matcher(Files.readString(PAGE)).results().toList();
        assertThat(named).hasSizeGreaterThan(100);
        for (MatchResult test : named) {
            assertThat(sources).containsKey(test.group(1));
            List<String> tests = new ArrayList<>();
            for (Path source : sources.get(test.group(1))) {
                tests.addAll(testsOf(source));
            }
            assertThat(tests).contains(test.group(2));
        }
    }

    @Test
    void everySituationHasATestOrAReason() throws IOException {
        for (String line : Files.readAllLines(PAGE)) {
            if (line.startsWith("| ") && !line.equals(HEADING)) {
                assertThat(line).matches("\\| \\S.* \\| \\S.* \\|");
            }
        }
    }

    private static Map<String, List<Path>> sourcesByClass() throws IOException {
        var sources = new ArrayList<Path>();
        for (Path folder : List.of(SOURCES, INTEGRATIONS, INTEGRATION_TESTS)) {
            try (Stream<Path> tree = Files.walk(folder)) {
                tree.filter(HardSituationsTest::isTestSource).forEach(sources::add);
            }
        }
        return sources.stream()
                .collect(
                        Collectors.groupingBy(
                                file -> file.getFileName().toString().replace(".java", "")));
    }

    private static boolean isTestSource(Path file) {
        return file.toString().matches(".*src/test/java/.*\\.java");
    }

    private static List<String> testsOf(Path source) throws Exception {
        if (!source.startsWith(SOURCES)) {
            // The classes of other modules are not here.
            return TEST_METHOD
                    .matcher(Files.readString(source))
                    .results()
                    .map(test -> test.group(1))
                    .toList();
        }
        String path = SOURCES.relativize(source).toString();
        String name = path.replace(".java", "").replace('/', '.');
        return Arrays.stream(Class.forName(name).getDeclaredMethods())
                .filter(method -> AnnotationSupport.isAnnotated(method, Testable.class))
                .map(Method::getName)
                .toList();
    }
}
