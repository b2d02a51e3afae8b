package dev.volokno.foreign;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A C library that is installed beside the program: found by its soname, and its version looked at.
 * A class of bindings has one in a constant, and its method handles in others; whoever begins to
 * use the library calls {@link #load} first, so that a missing one is an exception and no failed
 * class.
 */
public final class SharedLibrary {
    private static final System.Logger LOGGER = System.getLogger("dev.volokno");
    private static final Linker LINKER = Linker.nativeLinker();

    private final String soname;
    private final String debianPackage;
    private final String oldest;
    private final List<String> tested;

    // Under the object's lock.
    private @Nullable SymbolLookup symbols;
    private @Nullable String found;

    private SharedLibrary(String soname, String debianPackage, String oldest, List<String> tested) {
        this.soname = soname;
        this.debianPackage = debianPackage;
        this.oldest = oldest;
        this.tested = tested;
    }

    /**
     * The library {@code soname}, such as {@code libcurl.so.4}, which {@code debianPackage} has.
     */
    public static SharedLibrary of(String soname, String debianPackage) {
        return new SharedLibrary(soname, debianPackage, "0", List.of());
    }

    /**
     * The same, of which versions before {@code oldest} are refused, and {@code tested} are those
     * that the integration's tests have run with. Numbers between dots count; others work, which is
     * logged once, at {@code INFO} to {@code dev.volokno}.
     */
    public SharedLibrary versions(String oldestThatWorks, String... testedOnes) {
        return new SharedLibrary(soname, debianPackage, oldestThatWorks, List.of(testedOnes));
    }

    /**
     * Loads it, the first time, and looks at its version.
     *
     * @param version asks the library; called when its functions can be
     * @throws LibraryMissingException if it is not there or too old
     */
    public synchronized void load(Supplier<String> version) throws LibraryMissingException {
        if (found != null) {
            return;
        }
        symbols = open();
        String there = version.get();
        if (Versions.compare(there, oldest) < 0) {
            throw new LibraryMissingException(
                    soname
                            + " is of version "
                            + there
                            + ", and "
                            + oldest
                            + " is the oldest that works: apt-get install "
                            + debianPackage,
                    null);
        }
        found = there;
        if (!tested.isEmpty() && !isTested()) {
            LOGGER.log(
                    System.Logger.Level.INFO,
                    soname + " is of version " + there + ", tested are " + tested);
        }
    }

    @SuppressWarnings("restricted") // loading C is what this is
    private SymbolLookup open() throws LibraryMissingException {
        try {
            return SymbolLookup.libraryLookup(soname, Arena.global());
        } catch (IllegalArgumentException e) {
            throw new LibraryMissingException(
                    soname + " cannot be loaded: apt-get install " + debianPackage, e);
        }
    }

    /** The version that was loaded; empty if none was yet. */
    public synchronized Optional<String> version() {
        return Optional.ofNullable(found);
    }

    /** Whether the version that was loaded is one of those that were tested. */
    public synchronized boolean isTested() {
        return found != null && tested.contains(found);
    }

    /**
     * A function of the library's.
     *
     * @throws UnsatisfiedLinkError if it has none of this name
     * @throws IllegalStateException if it is not loaded
     */
    @SuppressWarnings("restricted") // a binding is what this is
    public MethodHandle function(String name, FunctionDescriptor type, Linker.Option... options) {
        MemorySegment address =
                find(name).orElseThrow(() -> new UnsatisfiedLinkError(soname + " has no " + name));
        return LINKER.downcallHandle(address, type, options);
    }

    /** Where a function or variable is, if the library has it. */
    public synchronized Optional<MemorySegment> find(String name) {
        Objects.requireNonNull(name, "name");
        SymbolLookup loaded = symbols;
        if (loaded == null) {
            throw new IllegalStateException(soname + " is not loaded: call load() before");
        }
        return loaded.find(name);
    }

    @Override
    public String toString() {
        return soname + version().map(known -> " " + known).orElse(", not loaded");
    }
}
