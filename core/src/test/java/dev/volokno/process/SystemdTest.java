package dev.volokno.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Scope;
import dev.volokno.linux.Fcntl;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachWholeConfiguration;
import dev.volokno.support.ServiceSocket;
import dev.volokno.support.TestLibc;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SystemdTest {
    private static final long PID = ProcessHandle.current().pid();

    @TempDir private Path folder;

    @EachWholeConfiguration
    void whatTheServiceSaysArrivesAsSystemdUnderstandsIt(Configuration configuration)
            throws Exception {
        String file = folder + "/notify-" + configuration;
        for (String address : new String[] {file, "@volokno-" + PID}) {
            try (var heard = ServiceSocket.bind(address)) {
                configuration.run(() -> {
                    try (var manager = open(Map.of("NOTIFY_SOCKET", address))) {
                        assertThat(manager.listens()).isTrue();
                        manager.status("loading");
                        manager.ready();
                        manager.reloading();
                        manager.stopping();
                        manager.tell("ERRNO=2\nEXTEND_TIMEOUT_USEC=1");
                    }
                });
                assertThat(heard.next()).isEqualTo("STATUS=loading");
                assertThat(heard.next()).isEqualTo("READY=1");
                assertThat(heard.next()).matches("RELOADING=1\nMONOTONIC_USEC=\\d+");
                assertThat(heard.next()).isEqualTo("STOPPING=1");
                assertThat(heard.next()).isEqualTo("ERRNO=2\nEXTEND_TIMEOUT_USEC=1");
            }
        }
    }

    @EachWholeConfiguration
    void theWatchdogHearsOfUsTwiceAsOftenAsItWants(Configuration configuration) throws Exception {
        String address = folder + "/notify-" + configuration;
        try (var heard = ServiceSocket.bind(address)) {
            configuration.run(() -> {
                var environment = Map.of("NOTIFY_SOCKET", address, "WATCHDOG_USEC", "10000");
                try (var manager = open(environment)) {
                    assertThat(manager.watchdog()).contains(Duration.ofMillis(10));
                    long began = System.nanoTime();
                    var signs = new ArrayList<String>();
                    Scope.run(scope -> {
                        scope.daemon(manager::keepWatchdog);
                        while (signs.size() < 3) {
                            Fiber.sleep(Duration.ofMillis(2));
                            signs.addAll(heard.drain());
                        }
                        return true;
                    });
                    long most = (System.nanoTime() - began) / 5_000_000 + 1;
                    assertThat(signs)
                            .hasSizeLessThanOrEqualTo((int) most)
                            .containsOnly("WATCHDOG=1");
                }
            });
        }
    }

    /** Fibers of an unconfined loop run beside each other, and cannot speak for each other. */
    @ParameterizedTest
    @EnumSource(names = {"IO_URING", "EPOLL"})
    void aLoopThatIsStuckGivesNoSignOfLife(Configuration configuration) throws Exception {
        String address = folder + "/notify-" + configuration;
        try (var heard = ServiceSocket.bind(address)) {
            configuration.run(() -> {
                var environment = Map.of("NOTIFY_SOCKET", address, "WATCHDOG_USEC", "4000");
                try (var manager = open(environment)) {
                    Scope.run(scope -> {
                        scope.daemon(manager::keepWatchdog);
                        Fiber.sleep(Duration.ofMillis(3));
                        heard.drain();
                        // As a fiber does that never waits.
                        long until = System.nanoTime() + 20_000_000;
                        while (System.nanoTime() - until < 0) {
                            Thread.onSpinWait();
                        }
                        assertThat(heard.drain()).isEmpty();
                        return true;
                    });
                }
            });
        }
    }

    @EachWholeConfiguration
    void socketsAreKnownByNameAndNoLongerPassedOn(Configuration configuration) throws Exception {
        // Where this process has descriptors 3 and 4 of its own, which are left as they are.
        int flags = TestLibc.fcntl(3, Fcntl.F_GETFD, 0);
        configuration.run(() -> {
            var environment =
                    Map.of("LISTEN_PID", "" + PID, "LISTEN_FDS", "1", "LISTEN_FDNAMES", "web");
            try (var manager = open(environment)) {
                assertThat(manager.socket("web").number()).isEqualTo(3);
                assertThat(TestLibc.fcntl(3, Fcntl.F_GETFD, 0)).isEqualTo(Fcntl.FD_CLOEXEC);
                assertThatThrownBy(() -> manager.socket("mail"))
                        .isInstanceOf(NoSuchElementException.class)
                        .hasMessageContaining("mail")
                        .hasMessageContaining("web");
            }
        });
        TestLibc.fcntl(3, Fcntl.F_SETFD, flags);
    }

    @Test
    void whatIsMeantForAnotherProcessIsNotTaken() throws Exception {
        Configuration.EPOLL.run(() -> {
            try (var none = open(Map.of());
                    var other =
                            open(
                                    Map.of(
                                            "LISTEN_PID", "1",
                                            "LISTEN_FDS", "2",
                                            "WATCHDOG_PID", "1",
                                            "WATCHDOG_USEC", "5"))) {
                assertThat(none.sockets()).isEmpty();
                assertThat(none.listens()).isFalse();
                none.ready();
                none.keepWatchdog();
                assertThat(other.sockets()).isEmpty();
                assertThat(other.watchdog()).isEmpty();
            }
        });
    }

    @Test
    void whatMakesNoSenseIsRefusedAndLeavesNothingOpen() throws Exception {
        Configuration.EPOLL.run(() -> {
            assertThatThrownBy(() -> open(Map.of("NOTIFY_SOCKET", "vsock:2:3")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("vsock:2:3");
            assertThatThrownBy(() -> open(Map.of("NOTIFY_SOCKET", folder + "/nobody")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("ENOENT");
            assertThatThrownBy(() -> open(Map.of("LISTEN_PID", "" + PID, "LISTEN_FDS", "many")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("LISTEN_FDS=many");
            try (var manager = open(Map.of())) {
                assertThatThrownBy(() -> manager.status("two\nlines"))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        });
    }

    private static Systemd open(Map<String, String> environment) throws IOException {
        return Systemd.open(environment, PID);
    }
}
