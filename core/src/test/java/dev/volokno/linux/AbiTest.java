package dev.volokno.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.support.CCompiler;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The numbers in the bindings are those of the C headers. The truth is recorded in {@code
 * abi/*.properties}, so that one machine checks both architectures; where a compiler for one is
 * there, it checks the record.
 *
 * <p>{@code mvn -pl core test -Dtest=AbiTest -Dabi.write} writes the records anew by the compilers;
 * Debian has the other architecture's in {@code gcc-aarch64-linux-gnu}, {@code
 * libc6-dev-arm64-cross} and {@code linux-libc-dev-arm64-cross}. Lines for names that the headers
 * do not have yet are kept, to be written by hand from the kernel's source.
 */
class AbiTest {
    private static final Path RECORDS = Path.of("src/test/resources/abi");

    static Stream<Arch> architectures() {
        return Stream.of(Arch.X86_64, Arch.AARCH64);
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void everyNumberIsTheRecordedOne(Arch arch) throws Exception {
        Map<String, Long> ours = AbiConstants.values();
        ours.put("SysEpoll.EVENT_SIZE", (long) arch.epollEventSize());
        ours.put("SysEpoll.DATA", (long) arch.epollEventSize() - Long.BYTES);
        ours.put("Fcntl.O_DIRECT", (long) arch.directFlag());
        ours.put("Fcntl.O_DIRECTORY", (long) arch.directoryFlag());
        ours.put("Fcntl.O_NOFOLLOW", (long) arch.noFollowFlag());
        ours.put("Fcntl.O_TMPFILE", 0x400000L | arch.directoryFlag());
        assertThat(asInts(ours)).isEqualTo(asInts(record(arch)));
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void everyRecordedNumberIsTheCompilers(Arch arch) throws Exception {
        Optional<CCompiler> found = CCompiler.of(commands(arch));
        if (found.isPresent()) {
            CCompiler compiler = found.get();
            Map<String, Long> compiled =
                    compiler.evaluate(AbiConstants.headers(), AbiConstants.expressions());
            Map<String, Long> recorded = record(arch);
            if (System.getProperty("abi.write") != null) {
                recorded.keySet().retainAll(AbiConstants.values().keySet());
                recorded.putAll(compiled);
                write(arch, recorded);
            }
            assertThat(asInts(recorded))
                    .as("what %s says", compiler)
                    .containsAllEntriesOf(asInts(compiled));
        }
    }

    private static Stream<String> commands(Arch arch) {
        String name = arch == Arch.X86_64 ? "x86_64" : "aarch64";
        return Stream.concat(
                Stream.of("gcc").filter(_ -> arch == Arch.CURRENT),
                Stream.of(name + "-linux-gnu-gcc"));
    }

    @Test
    void theErrorsHaveGlibcsNamesAndWords() throws Throwable {
        for (Errno errno : Errno.values()) {
            assertThat(glibc("strerrorname_np", errno)).isIn(errno.name(), "");
            assertThat(glibc("strerrordesc_np", errno)).isIn(errno.message(), "");
        }
    }

    /** What glibc says of an error; nothing if it is older than 2.32. */
    @SuppressWarnings("restricted") // these functions only tell words
    private static String glibc(String function, Errno errno) throws Throwable {
        Linker linker = Linker.nativeLinker();
        MemorySegment symbol = linker.defaultLookup().find(function).orElse(null);
        if (symbol == null) {
            return "";
        }
        MethodHandle handle =
                linker.downcallHandle(
                        symbol, FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        var text = (MemorySegment) handle.invokeExact(errno.number());
        return text.reinterpret(100).getString(0);
    }

    /** Flags are signed in Java and unsigned in C. */
    private static Map<String, Integer> asInts(Map<String, Long> values) {
        var ints = new TreeMap<String, Integer>();
        values.forEach((name, value) -> ints.put(name, value.intValue()));
        return ints;
    }

    private static Map<String, Long> record(Arch arch) throws IOException {
        var properties = new Properties();
        try (InputStream file = AbiTest.class.getResourceAsStream("/abi/" + file(arch))) {
            properties.load(Objects.requireNonNull(file, file(arch)));
        }
        var values = new TreeMap<String, Long>();
        for (String name : properties.stringPropertyNames()) {
            values.put(name, Long.valueOf(properties.getProperty(name)));
        }
        return values;
    }

    private static void write(Arch arch, Map<String, Long> values) throws IOException {
        var lines = new StringBuilder("# Written by AbiTest, which says how.\n");
        values.forEach((name, value) ->
                lines.append(name.replace(" ", "\\ ")).append(" = ").append(value).append('\n'));
        Files.writeString(RECORDS.resolve(file(arch)), lines);
    }

    private static String file(Arch arch) {
        return arch.name() + ".properties";
    }
}
