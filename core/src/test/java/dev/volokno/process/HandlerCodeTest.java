package dev.volokno.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.volokno.linux.Arch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HandlerCodeTest {
    @TempDir private Path folder;

    static Stream<Arch> architectures() {
        return Stream.of(Arch.X86_64, Arch.AARCH64);
    }

    /** Debian has the other architecture's in {@code binutils-aarch64-linux-gnu}. */
    @ParameterizedTest
    @MethodSource("architectures")
    void theMachineCodeIsWhatTheAssemblerMakesOfItsText(Arch arch) throws Exception {
        String prefix =
                arch.equals(Arch.CURRENT) ? "" : arch.name().replace('-', '_') + "-linux-gnu-";
        assumeTrue(isThere(prefix + "as"), "needs " + prefix + "as to assemble for " + arch.name());
        Path text = folder.resolve("handler.s");
        try (InputStream source =
                HandlerCodeTest.class.getResourceAsStream(
                        "/signal/handler-" + arch.name() + ".s")) {
            Files.copy(Objects.requireNonNull(source), text);
        }
        Path object = folder.resolve("handler.o");
        Path bare = folder.resolve("handler.bin");
        run(prefix + "as", text.toString(), "-o", object.toString());
        run(prefix + "objcopy", "-O", "binary", "-j", ".text", object.toString(), bare.toString());
        assertThat(HandlerCode.of(arch, 0)).isEqualTo(Files.readAllBytes(bare));
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void theBlocksAddressStandsWhereTheCodeReadsIt(Arch arch) {
        byte[] with = HandlerCode.of(arch, 0x1122_3344_5566_7788L);
        byte[] without = HandlerCode.of(arch, 0);
        int at = arch.equals(Arch.X86_64) ? 7 : with.length - 8;
        for (int i = 0; i < with.length; i++) {
            int expected = i < at || i >= at + 8 ? without[i] : 0x88 - 0x11 * (i - at);
            assertThat(with[i]).isEqualTo((byte) expected);
        }
    }

    private static boolean isThere(String tool) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
    }

    private static void run(String... command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(List.of(command) + ": " + output).isZero();
    }
}
