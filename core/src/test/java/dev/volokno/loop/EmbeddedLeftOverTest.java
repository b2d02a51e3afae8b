package dev.volokno.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.fd.ByteStream;
import dev.volokno.fd.Fd;
import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Select;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfinedConfiguration;
import dev.volokno.support.TestLibc;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * Something is left to be handed to the kernel when nothing else is to be done: no fiber is ready,
 * and the descriptor of the loop has no sign of it.
 */
class EmbeddedLeftOverTest {
    private static final int MORE_THAN_A_RING_HOLDS = 600;

    /** Longer than any wake-up takes; then it was lost. */
    private static final int PATIENCE_MILLIS = 15_000;

    private int[] pair;

    @BeforeEach
    void open() {
        pair = TestLibc.socketpair();
    }

    @AfterEach
    void close() {
        TestLibc.close(pair[0]);
        TestLibc.close(pair[1]);
    }

    /** Another process with the same descriptor was faster, after the fiber was to be woken. */
    @EachConfinedConfiguration
    void whoseInputWasTakenByOthersWaitsAgain(Configuration configuration) throws Exception {
        try (EmbeddedLoop loop = Loop.embedded(configuration.options())) {
            Fiber<Void> reader =
                    loop.loop()
                            .submit(() -> {
                                // Its buffer is none that the kernel could fill by itself.
                                int number = TestLibc.duplicate(pair[0], 0);
                                try (var stream = ByteStream.over(Fd.adopt(number))) {
                                    stream.read(ByteBuffer.allocate(1));
                                }
                            });
            stepWhileDue(loop);
            TestLibc.writeByte(pair[1]);
            TestLibc.readByte(pair[0]);
            stepWhileDue(loop);
            assertThat(reader.state()).isEqualTo(Future.State.RUNNING);
            TestLibc.writeByte(pair[1]);
            driveUntilEnded(loop, reader);
        }
    }

    @EachConfinedConfiguration
    void whatARingHasNoRoomForIsWaitedForAsWell(Configuration configuration) throws Exception {
        int[] quiet = TestLibc.socketpair();
        try (EmbeddedLoop loop = Loop.embedded(configuration.options())) {
            Fiber<String> one =
                    loop.loop().submit(() -> firstOfMany(quiet[0], TestLibc.duplicate(pair[0], 0)));
            stepWhileDue(loop);
            TestLibc.writeByte(pair[1]);
            driveUntilEnded(loop, one);
            assertThat(one.resultNow()).isEqualTo("late");
        }
        TestLibc.close(quiet[1]);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    private static String firstOfMany(int number, int lateNumber) throws Exception {
        try (Fd fd = Fd.adopt(number);
                Fd late = Fd.adopt(lateNumber)) {
            var cases = new Select.Case[MORE_THAN_A_RING_HOLDS];
            for (int i = 0; i < cases.length; i++) {
                cases[i] = Select.when(fd.readable(), _ -> "early");
            }
            cases[cases.length - 1] = Select.when(late.readable(), _ -> "late");
            return Select.first((Select.Case<String>[]) cases);
        }
    }

    private static void stepWhileDue(EmbeddedLoop loop) {
        while (TestLibc.pollForInput(loop.fd(), 0)) {
            loop.step(Duration.ZERO);
        }
    }

    private static void driveUntilEnded(EmbeddedLoop loop, Fiber<?> fiber) {
        while (fiber.state() == Future.State.RUNNING) {
            assertThat(TestLibc.pollForInput(loop.fd(), PATIENCE_MILLIS))
                    .as("whether the loop asks for a step")
                    .isTrue();
            loop.step(Duration.ZERO);
        }
        assertThat(fiber.state()).isEqualTo(Future.State.SUCCESS);
    }
}
