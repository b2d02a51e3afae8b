package dev.volokno;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
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
    private static final Pattern NAMED = Pattern.compile("`(\\w+(?:Test|Properties))\\.(\\w+)`");
    private static final String HEADING = "| situation | test, or why not |";

    @Test
    void everyTestThatThePageNamesExists() throws Exception {
        Map<String, Path> sources = sourcesByClass();
        List<MatchResult> named = NAMED.matcher(Files.readString(PAGE)).results().toList();
        assertThat(named).hasSizeGreaterThan(100);
        for (MatchResult test : named) {
            assertThat(sources).containsKey(test.group(1));
            assertThat(testsOf(sources.get(test.group(1)))).contains(test.group(2));
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

    private static Map<String, Path> sourcesByClass() throws IOException {
        try (Stream<Path> tree = Files.walk(SOURCES)) {
            return tree.filter(Files::isRegularFile)
                    .collect(
                            Collectors.toMap(
                                    file -> file.getFileName().toString().replace(".java", ""),
                                    file -> file,
                                    // One package-info is like another.
                                    (first, second) -> first));
        }
    }

    private static List<String> testsOf(Path source) throws ClassNotFoundException {
        String path = SOURCES.relativize(source).toString();
        String name = path.replace(".java", "").replace('/', '.');
        return Arrays.stream(Class.forName(name).getDeclaredMethods())
                .filter(method -> AnnotationSupport.isAnnotated(method, Testable.class))
                .map(Method::getName)
                .toList();
    }
}
