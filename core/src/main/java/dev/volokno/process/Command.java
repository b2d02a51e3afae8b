package dev.volokno.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A program to be run, and what it finds: arguments, environment, directory, descriptors, session.
 * Immutable; the methods that begin with "with" give a changed copy.
 *
 * {@snippet :
 * Command.of("sort", "-n").withStdin(Stdio.pipe()).withStdout(Stdio.file(sorted))
 * }
 */
public final class Command {
    private final List<String> arguments;
    private Environment environment = Environment.OURS;
    private @Nullable Path directory;
    private Map<Integer, Stdio> files =
            Map.of(0, Stdio.inherit(), 1, Stdio.inherit(), 2, Stdio.inherit());
    private Session session = Session.OURS;
    private @Nullable User user;

    /** Which process group and session a child belongs to. */
    public enum Session {
        /** Ours: Ctrl-C on our terminal ends it too. */
        OURS,
        /** Our session, a group of its own. */
        NEW_GROUP,
        /** A session of its own, without a terminal. */
        NEW_SESSION,
        /** A session of its own, whose terminal is what the child has at 0. */
        NEW_TERMINAL
    }

    /** Changes to our environment; a null value takes the name out. */
    record Environment(boolean inherited, Map<String, Optional<String>> changes) {
        static final Environment OURS = new Environment(true, Map.of());

        Environment with(String name, Optional<String> value) {
            var changed = new LinkedHashMap<>(changes);
            changed.put(name, value);
            return new Environment(inherited, changed);
        }
    }

    /** Whom it runs as. */
    record User(int uid, int gid) {}

    private Command(List<String> arguments) {
        this.arguments = arguments;
    }

    private Command(Command of) {
        arguments = of.arguments;
        environment = of.environment;
        directory = of.directory;
        files = of.files;
        session = of.session;
        user = of.user;
    }

    /**
     * A program and its arguments. One without a slash is looked for in our PATH. It has our
     * environment, directory, standard streams and session.
     */
    public static Command of(String program, String... arguments) {
        var all = new ArrayList<String>();
        all.add(program);
        all.addAll(List.of(arguments));
        return of(all);
    }

    /** Like {@link #of(String, String...)}. */
    public static Command of(List<String> programAndArguments) {
        List<String> all = List.copyOf(programAndArguments);
        if (all.isEmpty() || all.getFirst().isEmpty()) {
            throw new IllegalArgumentException("no program in " + all);
        }
        all.forEach(argument -> refuseNul("an argument", argument));
        return new Command(all);
    }

    /** The same for {@code sh -c script}. */
    public static Command shell(String script) {
        return of("sh", "-c", script);
    }

    private static void refuseNul(String what, String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(what + " ends at its NUL: " + text);
        }
    }

    /** Sets one variable of the environment. */
    public Command withVariable(String name, String value) {
        refuseNul("a variable", value);
        return changed(name, Optional.of(value));
    }

    /** Takes one variable out of the environment. */
    public Command withoutVariable(String name) {
        return changed(name, Optional.empty());
    }

    private Command changed(String name, Optional<String> value) {
        refuseNul("a variable's name", name);
        if (name.isEmpty() || name.indexOf('=') >= 0) {
            throw new IllegalArgumentException("no variable can have the name '" + name + "'");
        }
        var copy = new Command(this);
        copy.environment = environment.with(name, value);
        return copy;
    }

    /** Leaves out our environment: the child has only what is set after this. */
    public Command withEmptyEnvironment() {
        var copy = new Command(this);
        copy.environment = new Environment(false, Map.of());
        return copy;
    }

    /** Sets the working directory, from which a relative path of the program is taken too. */
    public Command withDirectory(Path path) {
        var copy = new Command(this);
        copy.directory = Objects.requireNonNull(path, "path");
        return copy;
    }

    /** Sets the standard input. */
    public Command withStdin(Stdio stdin) {
        return withDescriptor(0, stdin);
    }

    /** Sets the standard output. */
    public Command withStdout(Stdio stdout) {
        return withDescriptor(1, stdout);
    }

    /** Sets the standard error output. */
    public Command withStderr(Stdio stderr) {
        return withDescriptor(2, stderr);
    }

    /** Sets what the child finds at {@code number}; all that is not set is closed from 3 on. */
    public Command withDescriptor(int number, Stdio stdio) {
        if (number < 0) {
            throw new IllegalArgumentException("no descriptor has the number " + number);
        }
        var changed = new TreeMap<>(files);
        changed.put(number, Objects.requireNonNull(stdio, "stdio"));
        var copy = new Command(this);
        copy.files = changed;
        return copy;
    }

    /** Sets the process group and session. */
    public Command withSession(Session wanted) {
        var copy = new Command(this);
        copy.session = Objects.requireNonNull(wanted, "session");
        return copy;
    }

    /**
     * Has it run as another user, with that group and no further ones: by setpriv(1), because no
     * way to start a program from a JVM sets it. A program that is not there is then setpriv's
     * failure, with code 127.
     */
    public Command withUser(int uid, int gid) {
        if (uid < 0 || gid < 0) {
            throw new IllegalArgumentException("no user or group: " + uid + ", " + gid);
        }
        var copy = new Command(this);
        copy.user = new User(uid, gid);
        return copy;
    }

    List<String> arguments() {
        return arguments;
    }

    Environment environment() {
        return environment;
    }

    @Nullable Path directory() {
        return directory;
    }

    Map<Integer, Stdio> files() {
        return files;
    }

    Session session() {
        return session;
    }

    @Nullable User user() {
        return user;
    }

    @Override
    public String toString() {
        return String.join(" ", arguments);
    }
}
