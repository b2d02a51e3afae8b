package dev.volokno.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.volokno.CancelledException;
import dev.volokno.DeadlineException;
import dev.volokno.fiber.Deadline;
import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Offload;
import dev.volokno.libpq.ConnectOptions;
import dev.volokno.libpq.Postgres;
import dev.volokno.libpq.PostgresException;
import dev.volokno.libpq.Rows;
import dev.volokno.loop.Loop;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Commands that are cancelled and connections that are lost, by libpq. */
class LibpqFailureTest {
    private static final Duration SHORT = Duration.ofMillis(100);
    private static Cluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = Cluster.start();
    }

    @AfterAll
    static void stop() throws Exception {
        if (cluster != null) {
            cluster.stop();
        }
    }

    /** Waits until the server carries out a command for {@code postgres}. */
    private static void awaitActive(Postgres postgres) throws IOException {
        try (var other = Postgres.connect(cluster.conninfo())) {
            String sleeping =
                    "select count(*) from pg_stat_activity where wait_event = 'PgSleep' and pid = "
                            + postgres.process();
            while (other.query(sleeping).row().integer(0) == 0) {
                Fiber.sleep(Duration.ofMillis(5));
            }
        }
    }

    private static void assertUsable(Postgres postgres) throws IOException {
        assertThat(postgres.isOpen()).isTrue();
        assertThat(postgres.query("select 'usable'").row().text(0)).isEqualTo("usable");
    }

    private static void kill(String signal, Postgres postgres) throws Exception {
        assertThat(
                        new ProcessBuilder("kill", "-" + signal, "" + postgres.process())
                                .start()
                                .waitFor())
                .isZero();
    }

    @EachConfiguration
    void whoIsCancelledHasTheServerCancel(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var postgres = Postgres.connect(cluster.conninfo())) {
                var fiber = Fiber.start(() -> postgres.query("select pg_sleep(60)"));
                awaitActive(postgres);
                fiber.cancel();
                while (fiber.state() == Future.State.RUNNING) {
                    Fiber.sleep(Duration.ofMillis(5));
                }
                assertThat(fiber.state()).isEqualTo(Future.State.CANCELLED);
                assertUsable(postgres);
            }
        });
    }

    @EachConfiguration
    void whoIsStoppedWithTheLoopHasTheServerCancel(Configuration configuration) throws Exception {
        var process = new AtomicInteger();
        var thrown = new AtomicReference<Throwable>();
        configuration.run(() -> {
            var postgres = Postgres.connect(cluster.conninfo());
            process.set(postgres.process());
            Fiber.start(
                    () -> thrown.set(catchThrowable(() -> postgres.query("select pg_sleep(60)"))));
            awaitActive(postgres);
            Loop.current().stop(Duration.ofSeconds(10));
        });
        assertThat(thrown.get()).isInstanceOf(CancelledException.class);
        configuration.run(() -> {
            try (var other = Postgres.connect(cluster.conninfo())) {
                String active =
                        "select count(*) from pg_stat_activity where state = 'active' and pid = $1";
                assertThat(other.query(active, process.get()).row().integer(0)).isZero();
            }
        });
    }

    @EachConfiguration
    void aDeadlineCancelsAQuery(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var postgres = Postgres.connect(cluster.conninfo())) {
                assertThatThrownBy(() ->
                                Deadline.within(SHORT, () -> postgres.query("select pg_sleep(60)")))
                        .isInstanceOf(DeadlineException.class);
                assertUsable(postgres);
            }
        });
    }

    @EachConfiguration
    void aResultThatWasFasterThanItsCancellationIsDelivered(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (var postgres = Postgres.connect(cluster.conninfo())) {
                postgres.query("create temp table t(i int)");
                for (int i = 0; i < 20; i++) {
                    long before = postgres.query("select count(*) from t").row().integer(0);
                    var fiber = Fiber.start(() -> postgres.query("insert into t values (1)"));
                    Fiber.sleep(Duration.ofNanos(i * 50_000L));
                    fiber.cancel();
                    boolean delivered = true;
                    try {
                        fiber.join();
                    } catch (ExecutionException e) {
                        throw e;
                    } catch (RuntimeException cancelled) {
                        delivered = false;
                    }
                    long after = postgres.query("select count(*) from t").row().integer(0);
                    assertThat(after - before).isEqualTo(delivered ? 1 : 0);
                }
            }
        });
    }

    @EachConfiguration
    void somebodyElseCancels(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var postgres = Postgres.connect(cluster.conninfo())) {
                Fiber.start(() -> {
                    awaitActive(postgres);
                    postgres.cancel();
                });
                assertThatThrownBy(() -> postgres.query("select pg_sleep(60)"))
                        .isInstanceOfSatisfying(
                                PostgresException.class,
                                e -> assertThat(e.sqlState()).isEqualTo("57014"));
                assertUsable(postgres);
            }
        });
    }

    @EachConfiguration
    void whoWaitsForRowsIsCancelled(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var postgres = Postgres.connect(cluster.conninfo())) {
                assertThatThrownBy(() ->
                                Deadline.within(
                                        SHORT,
                                        () -> {
                                            try (Rows rows =
                                                    postgres.stream(
                                                            "select pg_sleep(i * 30) from generate_series(0, 1) i")) {
                                                takeAll(rows);
                                            }
                                        }))
                        .isInstanceOf(DeadlineException.class);
                assertUsable(postgres);
            }
        });
    }

    @EachConfiguration
    void whoWaitsForHisTurnIsCancelledAndNothingElse(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var postgres = Postgres.connect(cluster.conninfo())) {
                var first = Fiber.start(() -> postgres.query("select pg_sleep(0.3)::text || 'x'"));
                awaitActive(postgres);
                assertThatThrownBy(() ->
                                Deadline.within(
                                        Duration.ofMillis(20), () -> postgres.query("select 1")))
                        .isInstanceOf(DeadlineException.class);
                assertThat(first.join().row().text(0)).isEqualTo("x");
            }
        });
    }

    @EachConfiguration
    void aTransactionThatIsCancelledIsRolledBack(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var postgres = Postgres.connect(cluster.conninfo())) {
                postgres.query("create temp table t(i int)");
                assertThatThrownBy(() ->
                                Deadline.within(
                                        SHORT,
                                        () ->
                                                postgres.transaction(() -> {
                                                    postgres.query("insert into t values (1)");
                                                    Fiber.sleep(Duration.ofSeconds(60));
                                                    return 0;
                                                })))
                        .isInstanceOf(DeadlineException.class);
                assertThat(postgres.query("select count(*) from t").row().integer(0)).isZero();
            }
        });
    }

    // ---- lost connections

    @EachConfiguration
    void aTerminatedConnectionTellsWhoWaitsAndWhoComesLater(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (var postgres = Postgres.connect(cluster.conninfo());
                    var other = Postgres.connect(cluster.conninfo())) {
                var fiber =
                        Fiber.start(() -> {
                            assertThatThrownBy(() -> postgres.query("select pg_sleep(60)"))
                                    .isInstanceOfSatisfying(
                                            PostgresException.class,
                                            e -> assertThat(e.sqlState()).isEqualTo("57P01"));
                        });
                awaitActive(postgres);
                other.query("select pg_terminate_backend($1)", postgres.process());
                fiber.join();
                while (postgres.isOpen()) {
                    Fiber.sleep(Duration.ofMillis(1));
                }
                assertThatThrownBy(() -> postgres.query("select 1"))
                        .isInstanceOfSatisfying(
                                PostgresException.class,
                                e -> assertThat(e.sqlState()).isEqualTo("57P01"));
            }
        });
    }

    @EachConfiguration
    void anIdleListenerLearnsThatItsConnectionIsLost(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var postgres = Postgres.connect(cluster.conninfo())) {
                postgres.listen("anything");
                var fiber =
                        Fiber.start(() -> {
                            assertThatThrownBy(() -> postgres.notifications().receive())
                                    .isInstanceOfSatisfying(
                                            PostgresException.class,
                                            e -> assertThat(e.sqlState()).isEqualTo("57P01"));
                        });
                kill("TERM", postgres);
                fiber.join();
                assertThat(postgres.isOpen()).isFalse();
            }
        });
    }

    @EachConfiguration
    void aServersProcessThatIsKilledSaysNothing(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var postgres = Postgres.connect(cluster.conninfo())) {
                var fiber =
                        Fiber.start(() -> {
                            assertThatThrownBy(() -> postgres.query("select pg_sleep(60)"))
                                    .isInstanceOfSatisfying(
                                            PostgresException.class,
                                            e -> assertThat(e.sqlState()).isEqualTo("08006"))
                                    .hasMessageContaining("closed the connection");
                        });
                awaitActive(postgres);
                kill("KILL", postgres);
                fiber.join();
            }
            connectPatiently().close();
        });
    }

    /** Connects when the server has recovered. */
    private static Postgres connectPatiently() throws IOException {
        while (true) {
            try {
                return Postgres.connect(cluster.conninfo());
            } catch (PostgresException stillRecovering) {
                Fiber.sleep(Duration.ofMillis(20));
            }
        }
    }

    private static void takeAll(Rows rows) throws IOException {
        while (rows.next().isPresent()) {
            Fiber.checkpoint();
        }
    }

    @Test
    void aServerThatIsRestartedIsALostConnection() throws Exception {
        Configuration.IO_URING.run(() -> {
            try (var postgres = Postgres.connect(cluster.conninfo())) {
                var restart =
                        Fiber.start(() ->
                                Offload.call(() -> {
                                    cluster.restart();
                                    return true;
                                }));
                assertThatThrownBy(() -> postgres.query("select pg_sleep(60)"))
                        .isInstanceOfSatisfying(
                                PostgresException.class,
                                e -> assertThat(e.sqlState()).isIn("57P01", "57P02", "08006"));
                restart.join();
                assertThatThrownBy(() -> postgres.query("select 1"))
                        .isInstanceOf(PostgresException.class);
                try (var again = Postgres.connect(cluster.conninfo())) {
                    assertUsable(again);
                }
            }
        });
    }

    @EachConfiguration
    void aServerThatStandsStillIsLeft(Configuration configuration) throws Exception {
        var options = ConnectOptions.defaults().withCancelGrace(SHORT);
        configuration.run(() -> {
            try (var postgres = Postgres.connect(cluster.conninfo(), options)) {
                cluster.signal("STOP");
                kill("STOP", postgres);
                try {
                    assertThatThrownBy(
                                    () -> Deadline.within(SHORT, () -> postgres.query("select 1")))
                            .isInstanceOf(DeadlineException.class)
                            .satisfies(e ->
                                    assertThat(e.getSuppressed()[0].getSuppressed())
                                            .singleElement()
                                            .asString()
                                            .contains("did not cancel"));
                    assertThat(postgres.isOpen()).isFalse();
                    assertThatThrownBy(() ->
                                    Deadline.within(
                                            SHORT, () -> Postgres.connect(cluster.conninfo())))
                            .isInstanceOf(DeadlineException.class);
                } finally {
                    kill("CONT", postgres);
                    cluster.signal("CONT");
                }
            }
            try (var again = Postgres.connect(cluster.conninfo())) {
                assertUsable(again);
            }
        });
    }

    @EachConfiguration
    void aCopyIntoAServerThatStandsStillWaits(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var postgres = Postgres.connect(cluster.conninfo())) {
                postgres.query("create temp table t(s text)");
                try (var copy = postgres.copyIn("copy t from stdin")) {
                    kill("STOP", postgres);
                    var block = ByteBuffer.wrap("x".repeat(99_999).concat("\n").getBytes());
                    try {
                        assertThatThrownBy(() ->
                                        Deadline.within(
                                                SHORT,
                                                () -> {
                                                    while (true) {
                                                        copy.write(block.rewind());
                                                    }
                                                }))
                                .isInstanceOf(DeadlineException.class);
                    } finally {
                        kill("CONT", postgres);
                    }
                }
                assertUsable(postgres);
            }
        });
    }

    @EachConfiguration
    void closingEndsWhoWaits(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var postgres = Postgres.connect(cluster.conninfo());
            var fiber =
                    Fiber.start(() -> {
                        assertThatThrownBy(() -> postgres.query("select pg_sleep(60)"))
                                .isInstanceOf(PostgresException.class)
                                .hasMessageContaining("closed");
                    });
            awaitActive(postgres);
            postgres.close();
            fiber.join();
            assertThatThrownBy(() -> postgres.query("select 1")).isInstanceOf(IOException.class);
        });
    }

    @EachConfiguration
    void whoIsCancelledWhileConnectingLeavesNothing(Configuration configuration) throws Exception {
        configuration.run(() -> {
            for (int i = 0; i < 20; i++) {
                var fiber = Fiber.start(() -> Postgres.connect(cluster.conninfo()));
                Fiber.sleep(Duration.ofNanos(i * 200_000L));
                fiber.cancel();
                try {
                    fiber.join().close();
                } catch (RuntimeException cancelled) {
                    assertThat(cancelled).isNotInstanceOf(CancelledException.class);
                }
            }
        });
    }
}
