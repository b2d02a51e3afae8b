package dev.volokno.support;

import dev.volokno.fd.ByteStream;
import dev.volokno.fiber.Scope;
import java.util.Arrays;
import java.util.stream.Stream;

/** A kind of stream in a loop of one configuration. */
public record StreamSetting(Configuration configuration, StreamKind kind) {
    /** What to do with the two ends; a fiber it starts may outlive it. */
    @FunctionalInterface
    public interface Body {
        void run(ByteStream source, ByteStream sink) throws Exception;
    }

    /** Runs {@code body} with a fresh pair, waits for its fibers, and closes both ends. */
    public void run(Body body) throws Exception {
        configuration.run(() -> {
            try (StreamPair pair = kind.open()) {
                Scope.run(scope -> {
                    body.run(pair.source(), pair.sink());
                    return true;
                });
            }
        });
    }

    static Stream<StreamSetting> all() {
        return Arrays.stream(Configuration.values())
                .flatMap(configuration ->
                        Arrays.stream(StreamKind.values())
                                .map(kind -> new StreamSetting(configuration, kind)));
    }

    static Stream<StreamSetting> real() {
        return all().filter(setting -> setting.configuration != Configuration.TEST_LOOP);
    }

    static Stream<StreamSetting> duplex() {
        return all().filter(setting -> setting.kind.duplex());
    }

    @Override
    public String toString() {
        return kind + " on " + configuration;
    }
}
