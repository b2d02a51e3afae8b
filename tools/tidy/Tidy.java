import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExportsTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.lang.model.element.Modifier;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

/**
 * The style of this repository as a check: sizes, names, banned calls and the direction of
 * dependencies. Run by {@code ./volokno test}; prints {@code file:line: rule: text} for each
 * violation and ends with 1 if there is any.
 */
final class Tidy {
    private final Path root;
    private final Report report = new Report();
    private final Map<String, Sizes> parts = new TreeMap<>();
    private final Set<String> exported = new HashSet<>();
    private final List<String> packagesOfPublicTypes = new ArrayList<>();
    private int typesOfCore;

    private Tidy(Path root) {
        this.root = root;
    }

    public static void main(String[] args) throws IOException {
        var tidy = new Tidy(Path.of(args.length == 0 ? "." : args[0]).toRealPath());
        tidy.checkText();
        tidy.checkJava();
        tidy.parts.forEach((part, sizes) -> sizes.check(part, tidy.report));
        tidy.print();
        System.exit(tidy.report.violations() == 0 ? 0 : 1);
    }

    private void checkText() throws IOException {
        var rules = new TextRules(report);
        for (Path file : files("volokno|.*\\.(java|c|h|sh|md|xml)")) {
            int number = 0;
            for (String line : Files.readAllLines(file)) {
                rules.check(new Report.Place(name(file), ++number), line);
            }
        }
    }

    private void checkJava() throws IOException {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var problems = new DiagnosticCollector<JavaFileObject>();
        try (var sources = compiler.getStandardFileManager(problems, Locale.ROOT, null)) {
            var files = sources.getJavaFileObjectsFromPaths(files(".*\\.java"));
            var task = compiler.getTask(null, sources, problems, List.of(), null, files);
            var parser = (JavacTask) task;
            var positions = Trees.instance(parser).getSourcePositions();
            for (CompilationUnitTree unit : parser.parse()) {
                check(unit, positions);
            }
        }
        for (var problem : problems.getDiagnostics()) {
            if (problem.getKind() == Diagnostic.Kind.ERROR) {
                var file = name(Path.of(problem.getSource().toUri()));
                var place = new Report.Place(file, problem.getLineNumber());
                report.violation(place, "syntax", problem.getMessage(Locale.ROOT));
            }
        }
    }

    private void check(CompilationUnitTree unit, SourcePositions positions) throws IOException {
        var file = name(Path.of(unit.getSourceFile().toUri()));
        var sizes = parts.computeIfAbsent(part(file), _ -> new Sizes());
        var text = unit.getSourceFile().getCharContent(true);
        sizes.file(new Report.Place(file, 1), text.chars().filter(c -> c == '\n').count());
        unit.accept(new SyntaxRules(file, unit, positions, sizes, report), null);
        if (file.startsWith("core/src/main/")) {
            countTypes(unit);
        }
    }

    private void countTypes(CompilationUnitTree unit) {
        if (unit.getModule() != null) {
            for (var directive : unit.getModule().getDirectives()) {
                if (directive instanceof ExportsTree export && export.getModuleNames() == null) {
                    exported.add(export.getPackageName().toString());
                }
            }
        }
        for (var type : unit.getTypeDecls()) {
            typesOfCore++;
            if (type instanceof ClassTree tree
                    && tree.getModifiers().getFlags().contains(Modifier.PUBLIC)) {
                packagesOfPublicTypes.add(unit.getPackageName().toString());
            }
        }
    }

    private void print() {
        report.print();
        System.out.println("tidy: sizes are median/95 %/largest");
        parts.forEach((part, sizes) -> System.out.println("tidy: " + part + ": " + sizes));
        if (typesOfCore > 0) {
            long open = packagesOfPublicTypes.stream().filter(exported::contains).count();
            System.out.printf(
                    "tidy: %d of %d types of core are public and exported: %d %% (<= 50)%n",
                    open, typesOfCore, 100 * open / typesOfCore);
        }
        System.out.printf("tidy: %d violations%n", report.violations());
    }

    /** The files whose name matches, but for those that were built and those of tools. */
    private List<Path> files(String pattern) throws IOException {
        try (var paths = Files.walk(root)) {
            return paths.filter(path -> path.getFileName().toString().matches(pattern))
                    .filter(path -> !name(path).matches("(.*/)?(target|\\.[^/]+)/.*"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        }
    }

    private String name(Path file) {
        return root.relativize(file).toString();
    }

    private static String part(String file) {
        return file.contains("src/test/") ? "tests" : file.split("/")[0];
    }
}
