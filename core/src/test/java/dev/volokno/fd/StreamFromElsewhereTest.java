package dev.volokno.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.CancelledException;
import dev.volokno.DeadlineException;
import dev.volokno.loop.Loop;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.EachRealStream;
import dev.volokno.support.StreamSetting;
import dev.volokno.support.Waiting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** Calls by threads that are no fibers of the descriptor's loop. */
class StreamFromElsewhereTest {
    private static final int MUCH = 3_000_000;

    private static <T> FutureTask<T> onThread(Thread.Builder builder, Callable<T> body) {
        var task = new FutureTask<T>(body);
        builder.start(task);
        return task;
    }

    @EachRealStream
    void platformAndVirtualThreadsReadAndWrite(StreamSetting setting) throws Exception {
        byte[] sent = Bytes.pattern(MUCH);
        var threads = new ArrayList<FutureTask<?>>();
        setting.run((source, sink) -> {
            threads.add(onThread(Thread.ofPlatform(), () -> sink.write(ByteBuffer.wrap(sent))));
            ByteBuffer received = ByteBuffer.allocateDirect(MUCH);
            var reader =
                    onThread(
                            Thread.ofVirtual(),
                            () -> {
                                source.readFully(received);
                                return received.flip().equals(ByteBuffer.wrap(sent));
                            });
            assertThat(reader.get()).isTrue();
        });
        assertThat(threads.getFirst().get()).isEqualTo(MUCH);
    }

    @EachConfiguration
    void aFiberOfAnotherLoopReads(Configuration configuration) throws Exception {
        try (Loop other = Loop.start(configuration.options())) {
            configuration.run(() -> {
                try (Pipe pipe = Pipe.open()) {
                    var reader = other.submit(() -> Bytes.read(pipe.source()));
                    Waiting.untilParked(reader);
                    pipe.sink().write(Bytes.of("across"));
                    assertThat(reader.join()).isEqualTo("across");
                }
            });
        }
    }

    @EachConfiguration
    void aDeadlineOfAnotherLoopsFiberEndsItsCall(Configuration configuration) throws Exception {
        try (Loop other = Loop.start(configuration.options())) {
            configuration.run(() -> {
                try (Pipe pipe = Pipe.open()) {
                    var reader =
                            other.submit(() ->
                                    assertThatThrownBy(() ->
                                                    pipe.source()
                                                            .read(
                                                                    ByteBuffer.allocate(1),
                                                                    Duration.ofMillis(5)))
                                            .isInstanceOf(DeadlineException.class));
                    reader.join();
                    pipe.sink().write(Bytes.of("kept"));
                    assertThat(Bytes.read(pipe.source())).isEqualTo("kept");
                }
            });
        }
    }

    @EachRealStream
    void interruptingAThreadEndsItsCallAndKeepsTheInterrupt(StreamSetting setting)
            throws Exception {
        setting.run((source, sink) -> {
            var caller = new Thread[1];
            var reader =
                    new FutureTask<>(() -> {
                        assertThatThrownBy(() -> Bytes.read(source))
                                .isInstanceOf(CancelledException.class);
                        return Thread.interrupted();
                    });
            caller[0] = Thread.ofPlatform().start(reader);
            Waiting.untilParked(caller[0]);
            caller[0].interrupt();
            assertThat(reader.get()).isTrue();
            sink.write(Bytes.of("kept"));
            assertThat(Bytes.read(source)).isEqualTo("kept");
        });
    }

    @EachRealStream
    void closingEndsTheCallOfAThread(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            var reader =
                    new FutureTask<>(() ->
                            assertThatThrownBy(() -> Bytes.read(source))
                                    .isInstanceOf(AsynchronousCloseException.class));
            Waiting.untilParked(Thread.ofPlatform().start(reader));
            source.close();
            reader.get();
        });
    }

    @EachRealStream
    void aThreadThatClosesWaitsUntilItIsDone(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            var closer =
                    onThread(
                            Thread.ofPlatform(),
                            () -> {
                                sink.close();
                                return sink.isOpen();
                            });
            assertThat(Bytes.read(source)).isEqualTo("end");
            assertThat(closer.get()).isFalse();
        });
    }

    @EachConfiguration
    void aCallOfAThreadKeepsTheLoopRunning(Configuration configuration) throws Exception {
        var pipes = new Pipe[1];
        var readers = new ArrayList<FutureTask<String>>();
        configuration.run(() -> {
            pipes[0] = Pipe.open();
            var reader = new FutureTask<>(() -> Bytes.read(pipes[0].source()));
            readers.add(reader);
            Waiting.untilParked(Thread.ofPlatform().start(reader));
            Thread.ofPlatform()
                    .start(() -> {
                        try {
                            pipes[0].sink().write(Bytes.of("late"));
                        } catch (IOException e) {
                            throw new AssertionError(e);
                        }
                    });
        });
        assertThat(readers.getFirst().get()).isEqualTo("late");
    }

    @EachConfiguration
    void afterTheEndOfTheLoopCallsAreRefused(Configuration configuration) throws Exception {
        var pipes = new Pipe[1];
        configuration.run(() -> pipes[0] = Pipe.open());
        assertThatThrownBy(() -> pipes[0].source().read(ByteBuffer.allocate(1)))
                .isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> pipes[0].sink().fd().awaitWritable())
                .isInstanceOf(ClosedChannelException.class);
        pipes[0].close();
    }
}
