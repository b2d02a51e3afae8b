package dev.volokno.tty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.fiber.Fiber;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.nio.ByteBuffer;
import java.util.ArrayList;

/** Ten lines at once on one loop, a question and its answer at a time on each. */
class TenPortsTest {
    private static final int PORTS = 10;
    private static final int QUESTIONS = 100;

    @EachConfiguration
    void eachQuestionIsAnsweredOnItsOwnLine(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var askers = new ArrayList<Fiber<Integer>>();
            for (int i = 0; i < PORTS; i++) {
                Pty far = Pty.open();
                var port = SerialPort.open(far.path(), SerialSettings.of(115_200));
                String name = "line " + i + " ";
                askers.add(Fiber.start(() -> ask(far, name)));
                Fiber.start(() -> answer(port));
            }
            for (Fiber<Integer> asker : askers) {
                assertThat(asker.join()).isEqualTo(QUESTIONS);
            }
        });
    }

    private static int ask(Pty far, String name) throws Exception {
        var answer = ByteBuffer.allocateDirect(100);
        for (int i = 0; i < QUESTIONS; i++) {
            String question = name + i + "\n";
            far.write(US_ASCII.encode(question));
            far.readUntil(answer.clear(), '\n');
            assertThat(US_ASCII.decode(answer.flip()).toString()).isEqualTo(question);
        }
        far.write(US_ASCII.encode("end\n"));
        return QUESTIONS;
    }

    private static void answer(SerialPort port) throws Exception {
        var line = ByteBuffer.allocateDirect(100);
        port.readUntil(line, '\n');
        while (line.get(0) != 'e') {
            port.write(line.flip());
            port.readUntil(line.clear(), '\n');
        }
    }
}
