package dev.volokno.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.DeadlineException;
import dev.volokno.SystemCallException;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class BorrowedFdTest {
    private static final Duration SHORT = Duration.ofMillis(5);

    @EachConfiguration
    void readinessComesEachTimeAndDoesNotConsume(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var pipe = Pipe.open();
                    var borrowed = pipe.source().fd().use(Fd::borrow)) {
                assertThatThrownBy(() -> borrowed.awaitReadable(SHORT))
                        .isInstanceOf(DeadlineException.class);
                var byteThere = Fiber.start(() -> borrowed.awaitReadable());
                pipe.sink().write(ByteBuffer.wrap(new byte[] {1}));
                byteThere.join();
                borrowed.awaitReadable();
                assertThat(pipe.source().read(ByteBuffer.allocate(2))).isEqualTo(1);
                assertThatThrownBy(() -> borrowed.awaitReadable(SHORT))
                        .isInstanceOf(DeadlineException.class);
            }
        });
    }

    @EachConfiguration
    void readerAndWriterOfOneNumberWaitIndependently(Configuration configuration) throws Exception {
        List<String> order = new ArrayList<>();
        configuration.run(() -> {
            try (var event = EventFd.open();
                    var borrowed = event.fd().use(Fd::borrow)) {
                event.add(-2);
                borrowed.awaitReadable();
                var writable =
                        Fiber.start(() -> {
                            borrowed.awaitWritable();
                            order.add("writable");
                        });
                Fiber.yield();
                borrowed.awaitReadable();
                order.add("readable");
                event.take();
                writable.join();
            }
        });
        assertThat(order).containsExactly("readable", "writable");
    }

    @EachConfiguration
    void aNumberThatIsNotOpenSaysSo(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var borrowed = Fd.borrow(Integer.MAX_VALUE)) {
                assertThatThrownBy(borrowed::awaitReadable)
                        .isInstanceOf(SystemCallException.class)
                        .hasMessageContaining("EBADF");
            }
        });
    }

    @EachConfiguration
    void aNumberThatIsAnotherFileNowIsSeenAsThat(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var first = Pipe.open();
            int number = first.source().fd().use(n -> n);
            try (var borrowed = Fd.borrow(number)) {
                assertThatThrownBy(() -> borrowed.awaitReadable(SHORT))
                        .isInstanceOf(DeadlineException.class);
                first.close();
                try (var second = Pipe.open()) {
                    int reused = second.source().fd().use(n -> n);
                    assertThat(reused).isEqualTo(number);
                    second.sink().write(ByteBuffer.wrap(new byte[] {1}));
                    borrowed.awaitReadable();
                }
            }
        });
    }

    @EachConfiguration
    void closingEndsTheWaitsAndLeavesTheDescriptorOpen(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (var pipe = Pipe.open()) {
                var borrowed = pipe.source().fd().use(Fd::borrow);
                var waiter =
                        Fiber.start(() ->
                                assertThatThrownBy(borrowed::awaitReadable)
                                        .isInstanceOf(AsynchronousCloseException.class));
                Fiber.sleep(SHORT);
                borrowed.close();
                waiter.join();
                pipe.sink().write(ByteBuffer.wrap(new byte[] {1}));
                assertThat(pipe.source().read(ByteBuffer.allocate(2))).isEqualTo(1);
            }
        });
    }
}
