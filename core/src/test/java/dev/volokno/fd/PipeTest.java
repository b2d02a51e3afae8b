package dev.volokno.fd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.fiber.Fiber;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.nio.ByteBuffer;

class PipeTest {
    @EachConfiguration
    void whatIsWrittenComesOutAndThenTheEnd(Configuration configuration) throws Exception {
        var read = new StringBuilder();
        configuration.run(() -> {
            Pipe pipe = Pipe.open();
            Fiber.start(() -> {
                for (String line : pipe.source().lines(UTF_8, 100)) {
                    read.append(line).append(';');
                }
            });
            Fiber.start(() -> {
                pipe.sink().write(ByteBuffer.wrap("one\ntwo\r\nthree".getBytes(UTF_8)));
                pipe.sink().close();
            });
        });
        assertThat(read).hasToString("one;two;three;");
    }
}
