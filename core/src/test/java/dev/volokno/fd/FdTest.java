package dev.volokno.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.SystemCallException;
import dev.volokno.fiber.Fiber;
import dev.volokno.loop.Loop;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.Standard;
import dev.volokno.support.TestLibc;
import dev.volokno.support.Waiting;
import java.nio.ByteBuffer;

class FdTest {
    @EachConfiguration
    void aNumberThatIsNotOpenIsNotAdopted(Configuration configuration) throws Exception {
        configuration.run(() -> {
            for (int number : new int[] {-1, Integer.MAX_VALUE, 99_999}) {
                assertThatThrownBy(() -> Fd.adopt(number))
                        .isInstanceOf(SystemCallException.class)
                        .hasMessageContaining("EBADF on fd " + number);
            }
        });
    }

    @EachConfiguration
    void aNumberHasOneOwner(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (Pipe pipe = Pipe.open()) {
                int number = pipe.source().fd().use(n -> n);
                assertThatThrownBy(() -> Fd.adopt(number))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("owned already");
                int released = pipe.source().release();
                try (Fd adopted = Fd.adopt(released)) {
                    assertThatThrownBy(() -> Fd.adopt(number))
                            .isInstanceOf(IllegalStateException.class);
                    assertThat(adopted.isOpen()).isTrue();
                }
            }
        });
    }

    @EachConfiguration
    void filesAndDevicesThatCannotBePolledAreAlwaysReady(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            for (String path : new String[] {"/proc/self/cmdline", "/dev/null", "/bin/sh"}) {
                try (Fd fd = Fd.adopt(TestLibc.open(path, 0))) {
                    fd.awaitReadable();
                    fd.awaitWritable();
                    assertThat(fd.pollable()).as(path).isFalse();
                    assertThatThrownBy(fd::awaitPriority)
                            .isInstanceOf(SystemCallException.class)
                            .hasMessageContaining("EPERM");
                }
            }
            try (Pipe pipe = Pipe.open()) {
                assertThat(pipe.source().fd().pollable()).isTrue();
            }
        });
    }

    @EachConfiguration
    void readinessIsALevelAndHangUpCountsAsReady(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (Pipe pipe = Pipe.open()) {
                pipe.sink().write(Bytes.of("x"));
                pipe.source().fd().awaitReadable();
                pipe.source().fd().awaitReadable();
                assertThat(Bytes.read(pipe.source())).isEqualTo("x");
                var waiter =
                        Waiting.untilParked(Fiber.start(() -> pipe.source().fd().awaitReadable()));
                pipe.sink().close();
                waiter.join();
            }
            try (Pipe pipe = Pipe.open()) {
                Bytes.fill(pipe.sink());
                var waiter =
                        Waiting.untilParked(Fiber.start(() -> pipe.sink().fd().awaitWritable()));
                pipe.source().close();
                waiter.join();
            }
        });
    }

    @EachConfiguration
    void aDescriptorMovesToAnotherLoopUnlessItIsInUse(Configuration configuration)
            throws Exception {
        try (Loop other = Loop.start(configuration.options())) {
            configuration.run(() -> {
                try (Pipe pipe = Pipe.open()) {
                    Fd fd = pipe.source().fd();
                    var reader = Waiting.untilParked(Fiber.start(() -> Bytes.read(pipe.source())));
                    assertThatThrownBy(() -> fd.moveTo(other))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("in use");
                    pipe.sink().write(Bytes.of("here"));
                    assertThat(reader.join()).isEqualTo("here");
                    fd.moveTo(other);
                    var there = other.submit(() -> Bytes.read(pipe.source()));
                    Waiting.untilParked(there);
                    pipe.sink().write(Bytes.of("there"));
                    assertThat(there.join()).isEqualTo("there");
                    fd.moveTo(Loop.current());
                    pipe.sink().write(Bytes.of("back"));
                    assertThat(Bytes.read(pipe.source())).isEqualTo("back");
                }
            });
        }
    }

    @EachConfiguration
    void aNumberThatIsReusedAtOnceGetsNoEventOfTheOldOne(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            for (int i = 0; i < 2_000; i++) {
                Pipe old = Pipe.open();
                var reader = Fiber.start(() -> Bytes.read(old.source()));
                Fiber.yield();
                old.sink().write(Bytes.of("old"));
                reader.join();
                old.sink().write(Bytes.of("unread"));
                old.close();
                try (Pipe fresh = Pipe.open()) {
                    assertThat(fresh.source().tryRead(ByteBuffer.allocate(9))).isZero();
                    var second = Fiber.start(() -> Bytes.read(fresh.source()));
                    Fiber.yield();
                    fresh.sink().write(Bytes.of("new"));
                    assertThat(second.join()).isEqualTo("new");
                }
            }
        });
    }

    @EachConfiguration
    void anAdoptedDescriptorThatWasBlockingParksTheFiber(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            int[] numbers = Standard.pipe();
            try (var source = ByteStream.over(Fd.adopt(numbers[0]));
                    var sink = ByteStream.over(Fd.adopt(numbers[1]))) {
                var reader = Waiting.untilParked(Fiber.start(() -> Bytes.read(source)));
                sink.write(Bytes.of("came"));
                assertThat(reader.join()).isEqualTo("came");
                Bytes.fill(sink);
                var writer = Waiting.untilParked(Fiber.start(() -> sink.write(Bytes.of("more"))));
                source.read(ByteBuffer.allocate(1_000_000));
                writer.join();
            }
        });
    }
}
