import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.SourcePositions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Deque;
import java.util.Set;
import javax.lang.model.element.Modifier;

/** Whether what users can see has a comment. What a comment says, readers judge. */
final class Documentation {
    private static final Set<String> HIDDEN =
            Set.of("doctor", "descriptor", "engine", "backend", "linux");

    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final boolean exported;

    Documentation(CompilationUnitTree unit, SourcePositions positions, String part) {
        this.unit = unit;
        this.positions = positions;
        exported = !HIDDEN.contains(part);
    }

    /**
     * Whether users see {@code method}, a member of the innermost of {@code types}, undocumented.
     */
    boolean isMissing(MethodTree method, Deque<ClassTree> types) {
        ClassTree type = types.peek();
        boolean implicit = type.getKind() == Tree.Kind.INTERFACE;
        boolean visible = implicit || isOpen(method.getModifiers());
        return exported
                && visible
                && areOpen(types)
                && !isOverride(method.getModifiers())
                && isUndocumented(method);
    }

    /** Whether users see {@code type}, inside of {@code outer}, undocumented. */
    boolean isMissing(ClassTree type, Deque<ClassTree> outer) {
        return exported && isOpen(type.getModifiers()) && areOpen(outer) && isUndocumented(type);
    }

    private static boolean areOpen(Deque<ClassTree> types) {
        return types.stream().allMatch(type -> isOpen(type.getModifiers()));
    }

    private static boolean isOpen(ModifiersTree modifiers) {
        Set<Modifier> flags = modifiers.getFlags();
        return flags.contains(Modifier.PUBLIC) || flags.contains(Modifier.PROTECTED);
    }

    private static boolean isOverride(ModifiersTree modifiers) {
        return modifiers.getAnnotations().stream()
                .anyMatch(a -> a.getAnnotationType().toString().equals("Override"));
    }

    private boolean isUndocumented(Tree tree) {
        long start = positions.getStartPosition(unit, tree);
        try {
            CharSequence source = unit.getSourceFile().getCharContent(true);
            return start >= 0
                    && !source.subSequence(0, (int) start)
                            .toString()
                            .stripTrailing()
                            .endsWith("*/");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
