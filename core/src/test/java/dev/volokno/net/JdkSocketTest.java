package dev.volokno.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.fiber.Fiber;
import dev.volokno.loop.Loop;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The JDK's own sockets and waits, in fibers: the fiber waits, and its loop does not. */
class JdkSocketTest {
    @EachConfiguration
    void aSocketsReadParksTheFiber(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                    var client = new Socket(server.getInetAddress(), server.getLocalPort());
                    var accepted = server.accept()) {
                var reader = Fiber.start(() -> accepted.getInputStream().read());
                othersRunWhileItWaits(reader);
                client.getOutputStream().write('x');
                assertThat(reader.join()).isEqualTo((int) 'x');
            }
        });
    }

    @EachConfiguration
    void anAcceptParksTheFiber(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                Callable<Integer> serve =
                        () -> {
                            try (Socket accepted = server.accept()) {
                                return accepted.getInputStream().read();
                            }
                        };
                var accepter = Fiber.start(serve);
                othersRunWhileItWaits(accepter);
                try (var client = new Socket(server.getInetAddress(), server.getLocalPort())) {
                    client.getOutputStream().write('y');
                    assertThat(accepter.join()).isEqualTo((int) 'y');
                }
            }
        });
    }

    @EachConfiguration
    void aChannelsReadParksTheFiber(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            try (var server = ServerSocketChannel.open().bind(loopback);
                    var client = SocketChannel.open(server.getLocalAddress());
                    var accepted = server.accept()) {
                var reader = Fiber.start(() -> accepted.read(ByteBuffer.allocateDirect(9)));
                othersRunWhileItWaits(reader);
                client.write(ByteBuffer.wrap(new byte[3]));
                assertThat(reader.join()).isEqualTo(3);
            }
        });
    }

    private static void othersRunWhileItWaits(Fiber<?> waiting) throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(Fiber.start(() -> "ran").join()).isEqualTo("ran");
        }
        while (waiting.thread().getState() != Thread.State.WAITING) {
            Fiber.yield();
        }
    }

    @EachConfiguration
    void timedWaitsOfTheJdkAreTimersOfTheLoop(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var monitor = new Object();
            var latched = Fiber.start(() -> new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS));
            var waiter =
                    Fiber.start(() -> {
                        synchronized (monitor) {
                            monitor.wait(20);
                        }
                    });
            long rounds = 0;
            while (latched.thread().isAlive() || waiter.thread().isAlive()) {
                Fiber.yield();
                rounds++;
            }
            assertThat(rounds).isGreaterThan(1);
            if (configuration.confined()) {
                var loop = Loop.current();
                assertThat(loop.stats().timersExpired()).isEqualTo(2);
            }
            latched.join();
            waiter.join();
        });
    }

    @EachConfiguration
    void aVirtualThreadStartedInAFiberRunsBesideIt(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var log = new StringBuffer();
            Thread nested =
                    Thread.ofVirtual()
                            .start(() -> {
                                log.append("began ");
                                Thread inner =
                                        Thread.startVirtualThread(() -> log.append("inner "));
                                join(inner);
                                log.append("ended");
                            });
            nested.join();
            assertThat(log.toString()).isEqualTo("began inner ended");
        });
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
