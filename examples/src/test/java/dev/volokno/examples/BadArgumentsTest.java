package dev.volokno.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever gets the arguments wrong is told so in one line, and sees no stack. */
@Timeout(60)
class BadArgumentsTest {
    @TempDir private Path folder;

    /** Without what the JVM says of native calls that a program makes itself. */
    private static void assertOneLine(Program program) {
        assertThat(program.allLines())
                .filteredOn(line -> !line.isEmpty() && !line.startsWith("WARNING"))
                .hasSize(1)
                .allMatch(line -> line.length() > 10);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AccessGuard",
                "BuildOnChange .",
                "ChatServer port",
                "ChatServer 70000",
                "Checksums",
                "Demo --for ever",
                "Discover no-such-interface name",
                "EchoServer -1",
                "HttpHead localhost port",
                "ModbusMaster /dev/null fast",
                "Ping nowhere",
                "Ping ::1",
                "PortMonitor",
                "Pressure often",
                "SerialBridge /dev/null /dev/null fast",
                "TailF",
                "TcpProxy 0 localhost port"
            })
    void itIsToldInOneLine(String call) throws Exception {
        try (var program = Program.example(folder, call.split(" "))) {
            assertOneLine(program);
            assertThat(program.exitStatus()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AccessGuard nowhere word",
                "BuildOnChange nowhere true",
                "Checksums nowhere",
                "ModbusMaster /dev/null",
                "SerialBridge nowhere nowhere",
                "TailF nowhere/file"
            })
    void whatIsNotThereIsNamedInOneLine(String call) throws Exception {
        try (var program = Program.example(folder, call.split(" "))) {
            assertOneLine(program);
            assertThat(program.exitStatus()).isEqualTo(1);
        }
    }
}
