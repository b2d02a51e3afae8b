package dev.volokno.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.loop.Loop;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignalRefusalTest {
    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 65, Integer.MAX_VALUE})
    void aNumberThatIsNoSignalIsRefused(int number) {
        assertThatThrownBy(() -> new Signal(number))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not " + number);
    }

    @ParameterizedTest
    @CsvSource({
        "9, the kernel lets nobody catch it",
        "19, the kernel lets nobody catch it",
        "3, the JVM prints its threads by it",
        "11, the JVM's own code raises it",
        "7, the JVM's own code raises it",
        "12, _JAVA_SR_SIGNUM=NUMBER",
        "33, the C library needs it",
        "62, the JDK ends blocking calls"
    })
    void whatTheJvmOrTheKernelNeedsIsRefusedWithTheReason(int number, String reason)
            throws Exception {
        long before = Kill.handler(new Signal(number));
        Loop.run(() ->
                assertThatThrownBy(() -> Signals.open(Signal.WINCH, new Signal(number)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(new Signal(number) + " (" + number + ")")
                        .hasMessageContaining(reason));
        assertThat(Kill.handler(new Signal(number))).isEqualTo(before);
        assertThat(Kill.handler(Signal.WINCH)).isZero();
    }

    @Test
    void noSignalAtAllIsRefused() throws Exception {
        Loop.run(() ->
                assertThatThrownBy(() -> Signals.open())
                        .isInstanceOf(IllegalArgumentException.class));
    }

    @Test
    void signalsHaveTheirNames() {
        assertThat(List.of(Signal.of("hup"), Signal.of("SIGHUP"), new Signal(1)))
                .containsOnly(Signal.HUP);
        assertThat(Signal.of("RTMIN+3")).isEqualTo(Signal.realTime(3)).hasToString("SIGRTMIN+3");
        assertThat(Signal.realTime(0).name()).isEqualTo("RTMIN");
        assertThat(new Signal(31)).isEqualTo(Signal.SYS).hasToString("SIGSYS");
        assertThat(new Signal(32)).hasToString("SIG32");
        assertThatThrownBy(() -> Signal.of("TREM")).hasMessageContaining("TREM");
        assertThatThrownBy(() -> Signal.realTime(31)).hasMessageContaining("from 0 to 30");
    }
}
