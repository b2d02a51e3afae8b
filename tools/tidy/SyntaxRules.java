import com.sun.source.tree.CatchTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.IfTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;

/** What is checked on the syntax tree of one file. */
final class SyntaxRules extends TreeScanner<Void, Void> {
    private static final int FIELDS_USUAL = 10;
    private static final int FIELDS_MAX = 16;
    private static final int PARAMETERS_MAX = 4;

    /** A system call has up to six arguments, and its binding the same. */
    private static final int PARAMETERS_MAX_LINUX = 6;

    private static final Pattern BANNED_TYPE = Pattern.compile(".*(Impl|Utils?|Helpers?|Manager)");
    private static final Pattern SLEEPER =
            Pattern.compile("(.*\\.)?(Thread|TimeUnit\\.\\w+|[A-Z]+S)");
    private static final Pattern PROGRAM =
            Pattern.compile("(examples|benchmarks/(echo|files))/[^/]+");
    private static final Pattern OUR_PACKAGE = Pattern.compile("dev\\.volokno\\.([a-z]\\w*)");

    private static final Set<Tree.Kind> NESTING =
            EnumSet.of(
                    Tree.Kind.IF,
                    Tree.Kind.FOR_LOOP,
                    Tree.Kind.ENHANCED_FOR_LOOP,
                    Tree.Kind.WHILE_LOOP,
                    Tree.Kind.DO_WHILE_LOOP,
                    Tree.Kind.SWITCH,
                    Tree.Kind.SWITCH_EXPRESSION,
                    Tree.Kind.TRY,
                    Tree.Kind.SYNCHRONIZED);

    private final String file;
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final Sizes sizes;
    private final Report report;
    private final Deque<ClassTree> types = new ArrayDeque<>();
    private int depth;
    private int deepest;

    SyntaxRules(
            String file,
            CompilationUnitTree unit,
            SourcePositions positions,
            Sizes sizes,
            Report report) {
        this.file = file;
        this.unit = unit;
        this.positions = positions;
        this.sizes = sizes;
        this.report = report;
    }

    @Override
    public Void visitImport(ImportTree tree, Void none) {
        boolean wildcard = tree.getQualifiedIdentifier().toString().endsWith(".*");
        if (wildcard || tree.isModule() && !PROGRAM.matcher(file).matches()) {
            violation(tree, "import", "import types by name");
        }
        return super.visitImport(tree, none);
    }

    @Override
    public Void visitClass(ClassTree tree, Void none) {
        var name = tree.getSimpleName().toString();
        if (BANNED_TYPE.matcher(name).matches()) {
            violation(tree, "name", name + " does not say what it is");
        }
        checkFields(tree);
        if (inCore() && documentation().isMissing(tree, types)) {
            violation(tree, "doc", name + " has no comment");
        }
        types.push(tree);
        super.visitClass(tree, none);
        types.pop();
        return null;
    }

    private void checkFields(ClassTree tree) {
        if (tree.getKind() == Tree.Kind.RECORD) {
            return;
        }
        long fields = tree.getMembers().stream().filter(SyntaxRules::isInstanceField).count();
        var text = tree.getSimpleName() + " has " + fields + " fields";
        if (fields > FIELDS_MAX) {
            violation(tree, "fields", text + " (<= " + FIELDS_MAX + ")");
        } else if (fields > FIELDS_USUAL) {
            report.warning(place(tree), "fields", text + " (<= " + FIELDS_USUAL + ")");
        }
    }

    /** Enum constants are fields to the compiler, static ones. */
    private static boolean isInstanceField(Tree member) {
        return member instanceof VariableTree field
                && !field.getModifiers().getFlags().contains(Modifier.STATIC);
    }

    @Override
    public Void visitMethod(MethodTree tree, Void none) {
        checkParameters(tree);
        if (inCore() && documentation().isMissing(tree, types)) {
            violation(tree, "doc", tree.getName() + " has no comment");
        }
        int outerDepth = depth;
        int outerDeepest = deepest;
        depth = 0;
        deepest = 0;
        super.visitMethod(tree, none);
        if (tree.getBody() != null) {
            sizes.method(place(tree), tree.getName().toString(), lines(tree), deepest);
        }
        depth = outerDepth;
        deepest = outerDeepest;
        return null;
    }

    private void checkParameters(MethodTree tree) {
        boolean linux = inCore() && ownPackage().equals("linux");
        int max = linux ? PARAMETERS_MAX_LINUX : PARAMETERS_MAX;
        int count = tree.getParameters().size();
        if (count > max && !isExempt(tree)) {
            violation(tree, "parameters", tree.getName() + ": " + count + " (<= " + max + ")");
        }
    }

    /** What a record or a supertype dictates, and constructors that nobody outside calls. */
    private boolean isExempt(MethodTree tree) {
        var modifiers = tree.getModifiers();
        if (tree.getReturnType() == null) {
            var flags = modifiers.getFlags();
            boolean open = flags.contains(Modifier.PUBLIC) || flags.contains(Modifier.PROTECTED);
            return !open || types.peek().getKind() == Tree.Kind.RECORD;
        }
        return modifiers.getAnnotations().stream()
                .anyMatch(a -> a.getAnnotationType().toString().equals("Override"));
    }

    /** Annotations are not counted: they say what the method is, not what it does. */
    private long lines(MethodTree tree) {
        var annotations = tree.getModifiers().getAnnotations();
        long first =
                annotations.isEmpty()
                        ? line(positions.getStartPosition(unit, tree))
                        : line(positions.getEndPosition(unit, annotations.getLast())) + 1;
        return line(positions.getEndPosition(unit, tree)) - first + 1;
    }

    @Override
    public Void scan(Tree tree, Void none) {
        if (tree == null || !NESTING.contains(tree.getKind())) {
            return super.scan(tree, none);
        }
        depth++;
        deepest = Math.max(deepest, depth);
        super.scan(tree, none);
        depth--;
        return null;
    }

    @Override
    public Void visitIf(IfTree tree, Void none) {
        scan(tree.getCondition(), none);
        scan(tree.getThenStatement(), none);
        if (tree.getElseStatement() instanceof IfTree chained) {
            return chained.accept(this, none); // past scan: no deeper than this one
        }
        return scan(tree.getElseStatement(), none);
    }

    @Override
    public Void visitCatch(CatchTree tree, Void none) {
        if (tree.getBlock().getStatements().isEmpty()) {
            violation(tree, "catch", "an exception vanishes here");
        }
        return super.visitCatch(tree, none);
    }

    @Override
    public Void visitMethodInvocation(MethodInvocationTree tree, Void none) {
        if (tree.getMethodSelect() instanceof MemberSelectTree select) {
            var name = select.getIdentifier().toString();
            var receiver = select.getExpression().toString();
            boolean test = file.contains("src/test/");
            if (name.equals("printStackTrace")) {
                violation(tree, "trace", "throw it or report it");
            } else if (test && name.equals("sleep") && SLEEPER.matcher(receiver).matches()) {
                violation(tree, "sleep", "wait for what is to happen");
            }
        }
        return super.visitMethodInvocation(tree, none);
    }

    @Override
    public Void visitMemberSelect(MemberSelectTree tree, Void none) {
        if (inCore() && unit.getModule() == null) {
            var text = tree.toString();
            if (text.matches("System\\.(out|err)") && !ownPackage().equals("doctor")) {
                violation(tree, "print", "a library is silent");
            }
            var used = OUR_PACKAGE.matcher(text);
            var objection = used.matches() ? Layers.objection(ownPackage(), used.group(1)) : "";
            if (!objection.isEmpty()) {
                violation(tree, "layer", objection);
            }
        }
        return super.visitMemberSelect(tree, none);
    }

    private Documentation documentation() {
        return new Documentation(unit, positions, ownPackage());
    }

    private boolean inCore() {
        return file.startsWith("core/src/main/");
    }

    /** The part of the package's name after dev.volokno, up to the next dot. */
    private String ownPackage() {
        var part = OUR_PACKAGE.matcher(String.valueOf(unit.getPackageName()));
        return part.lookingAt() ? part.group(1) : "";
    }

    private void violation(Tree tree, String rule, String text) {
        report.violation(place(tree), rule, text);
    }

    private Report.Place place(Tree tree) {
        return new Report.Place(file, line(positions.getStartPosition(unit, tree)));
    }

    private long line(long position) {
        return position < 0 ? 1 : unit.getLineMap().getLineNumber(position);
    }
}
