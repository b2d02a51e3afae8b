package dev.volokno.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.fiber.Fiber;
import dev.volokno.libpq.ConnectOptions;
import dev.volokno.libpq.CopyOut;
import dev.volokno.libpq.Notification;
import dev.volokno.libpq.Postgres;
import dev.volokno.libpq.PostgresException;
import dev.volokno.libpq.Row;
import dev.volokno.libpq.Rows;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Rows as a stream, COPY both ways, notifications, by libpq. */
class LibpqStreamTest {
    private static final int MANY = 20_000;
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

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Waits until the server has nowhere to put more for {@code postgres}. */
    private static void awaitServerBlocked(Postgres postgres) throws IOException {
        try (var other = Postgres.connect(cluster.conninfo())) {
            String state =
                    "select coalesce(wait_event, '') from pg_stat_activity where pid = "
                            + postgres.process();
            while (!other.query(state).row().text(0).equals("ClientWrite")) {
                Fiber.sleep(Duration.ofMillis(5));
            }
        }
    }

    @EachConfiguration
    void rowsComeInOrderToTheLast(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var postgres = Postgres.connect(cluster.conninfo());
                    Rows rows = postgres.stream("select generate_series(1, $1) as i", MANY)) {
                assertThat(rows.columns())
                        .singleElement()
                        .satisfies(column -> assertThat(column.name()).isEqualTo("i"));
                int expected = 0;
                for (Row row : rows) {
                    assertThat(row.integer(0)).isEqualTo(++expected);
                }
                assertThat(expected).isEqualTo(MANY);
                assertThat(rows.next()).isEmpty();
            }
        });
    }

    @EachConfiguration
    void aStreamWithoutRowsHasItsColumns(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var postgres = Postgres.connect(cluster.conninfo());
                    Rows rows = postgres.stream("select 1 as one where false")) {
                assertThat(rows.next()).isEmpty();
                assertThat(rows.columns().getFirst().name()).isEqualTo("one");
            }
        });
    }

    @EachConfiguration
    void theServerWaitsForWhoTakesNoRows(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var postgres = Postgres.connect(cluster.conninfo())) {
                try (Rows rows =
                        postgres.stream(
                                "select repeat('x', 1000) from generate_series(1, 100000)")) {
                    assertThat(rows.next()).isPresent();
                    awaitServerBlocked(postgres);
                    int count = 1;
                    while (rows.next().isPresent()) {
                        count++;
                    }
                    assertThat(count).isEqualTo(100_000);
                }
            }
        });
    }

    @EachConfiguration
    void whoClosesEarlyCanUseTheConnection(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var postgres = Postgres.connect(cluster.conninfo())) {
                try (Rows rows = postgres.stream("select generate_series(1, 1000000000)")) {
                    assertThat(rows.next().orElseThrow().integer(0)).isEqualTo(1);
                    assertThatThrownBy(() -> postgres.query("select 1"))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("close them first");
                }
                assertThat(postgres.query("select 2").row().integer(0)).isEqualTo(2);
            }
        });
    }

    @EachConfiguration
    void aFailureComesAfterTheRowsBeforeIt(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var postgres = Postgres.connect(cluster.conninfo())) {
                try (Rows rows =
                        postgres.stream("select 10 / (1000 - i) from generate_series(1, 2000) i")) {
                    for (int i = 1; i < 1000; i++) {
                        assertThat(rows.next()).as("row " + i).isPresent();
                    }
                    assertThatThrownBy(rows::next)
                            .isInstanceOfSatisfying(
                                    PostgresException.class,
                                    e -> assertThat(e.sqlState()).isEqualTo("22012"));
                }
                assertThatThrownBy(() -> postgres.stream("select nothing"))
                        .isInstanceOfSatisfying(
                                PostgresException.class,
                                e -> assertThat(e.sqlState()).isEqualTo("42703"));
                assertThat(postgres.query("select 2").row().integer(0)).isEqualTo(2);
            }
        });
    }

    // ---- COPY

    @EachConfiguration
    void copiedInAndOutAgain(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var postgres = Postgres.connect(cluster.conninfo())) {
                postgres.query("create temp table t(i int, s text)");
                try (var copy = postgres.copyIn("copy t from stdin")) {
                    for (int i = 0; i < MANY; i++) {
                        copy.write(bytes(i + "\tline " + i + "\n"));
                    }
                    assertThat(copy.finish()).isEqualTo(MANY);
                }
                try (CopyOut copy = postgres.copyOut("copy t to stdout")) {
                    assertThat(copy.next())
                            .hasValueSatisfying(
                                    row -> assertThat(row).asString().isEqualTo("0\tline 0\n"));
                    var lines =
                            new BufferedReader(Channels.newReader(copy, StandardCharsets.UTF_8))
                                    .lines();
                    assertThat(lines.skip(MANY - 2).toList())
                            .containsExactly((MANY - 1) + "\tline " + (MANY - 1));
                }
                assertThat(postgres.query("select sum(i) from t").row().integer(0))
                        .isEqualTo(MANY * (MANY - 1L) / 2);
            }
        });
    }

    @EachConfiguration
    void aLotIsCopiedInAtTheServersPace(Configuration configuration) throws Exception {
        byte[] block = new byte[8_000_000];
        Arrays.fill(block, (byte) 'x');
        for (int i = 99; i < block.length; i += 100) {
            block[i] = '\n';
        }
        configuration.run(() -> {
            try (var postgres = Postgres.connect(cluster.localConninfo())) {
                postgres.query("create temp table t(s text)");
                try (var copy = postgres.copyIn("copy t from stdin")) {
                    assertThat(copy.write(ByteBuffer.wrap(block))).isEqualTo(block.length);
                    assertThat(copy.finish()).isEqualTo(block.length / 100);
                }
            }
        });
    }

    @EachConfiguration
    void aCopyThatIsNotFinishedLeavesNothing(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var postgres = Postgres.connect(cluster.conninfo())) {
                postgres.query("create temp table t(i int)");
                try (var copy = postgres.copyIn("copy t from stdin")) {
                    copy.write(bytes("1\n2\n"));
                }
                assertThat(postgres.query("select count(*) from t").row().integer(0)).isZero();
            }
        });
    }

    @EachConfiguration
    void badDataIsToldAtTheEnd(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var postgres = Postgres.connect(cluster.conninfo())) {
                postgres.query("create temp table t(i int)");
                try (var copy = postgres.copyIn("copy t from stdin")) {
                    copy.write(bytes("1\nno number\n"));
                    assertThatThrownBy(copy::finish)
                            .isInstanceOfSatisfying(
                                    PostgresException.class,
                                    e -> {
                                        assertThat(e.sqlState()).isEqualTo("22P02");
                                        assertThat(e.serverMessage().orElseThrow().context())
                                                .hasValueSatisfying(
                                                        at -> assertThat(at).contains("line 2"));
                                    });
                }
                assertThat(postgres.query("select count(*) from t").row().integer(0)).isZero();
            }
        });
    }

    @EachConfiguration
    void aCopyOutThatIsLeftCanBeClosed(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var postgres = Postgres.connect(cluster.conninfo())) {
                try (var copy =
                        postgres.copyOut(
                                "copy (select generate_series(1, 1000000000)) to stdout")) {
                    assertThat(copy.next()).isPresent();
                }
                assertThat(postgres.query("select 2").row().integer(0)).isEqualTo(2);
            }
        });
    }

    @EachConfiguration
    void aCopyByTheWrongCallIsRefused(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var postgres = Postgres.connect(cluster.conninfo())) {
                postgres.query("create temp table t(i int)");
                assertThatThrownBy(() -> postgres.query("copy t from stdin"))
                        .hasMessageContaining("use copyIn");
                assertThatThrownBy(() -> postgres.query("copy t to stdout"))
                        .hasMessageContaining("use copyOut");
                assertThatThrownBy(() -> postgres.copyIn("copy t to stdout"))
                        .hasMessageContaining("use copyOut");
                assertThatThrownBy(() -> postgres.copyOut("copy t from stdin"))
                        .hasMessageContaining("use copyIn");
                assertThatThrownBy(() -> postgres.copyIn("select 1"))
                        .hasMessageContaining("no COPY");
                assertThatThrownBy(() -> postgres.copyOut("select 1"))
                        .hasMessageContaining("no COPY");
                assertThat(postgres.query("select 2").row().integer(0)).isEqualTo(2);
            }
        });
    }

    // ---- notifications

    @EachConfiguration
    void aNotificationComesToWhoListens(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var listener = Postgres.connect(cluster.conninfo());
                    var teller = Postgres.connect(cluster.conninfo())) {
                listener.listen("odd \"name\"");
                var received = Fiber.start(() -> listener.notifications().receive());
                Fiber.sleep(Duration.ofMillis(20));
                assertThat(received.state()).isEqualTo(Future.State.RUNNING);
                teller.query("select pg_notify($1, $2)", "odd \"name\"", "ü");
                assertThat(received.join())
                        .isEqualTo(new Notification("odd \"name\"", "ü", teller.process()));
                listener.unlisten("odd \"name\"");
                teller.query("select pg_notify($1, $2)", "odd \"name\"", "no more");
                listener.query("select 1");
                assertThat(listener.notifications().tryReceive()).isEmpty();
            }
        });
    }

    @EachConfiguration
    void notificationsThatNobodyReceivesAreDroppedAndCounted(Configuration configuration)
            throws Exception {
        var options = ConnectOptions.defaults().withNotificationsHeld(10);
        configuration.run(() -> {
            try (var postgres = Postgres.connect(cluster.conninfo(), options)) {
                postgres.listen("many");
                postgres.query("select pg_notify('many', i::text) from generate_series(1, 100) i");
                postgres.query("select 1");
                var notifications = postgres.notifications();
                assertThat(notifications.dropped()).isEqualTo(90);
                for (String payload : List.of("1", "2", "3", "4", "5", "6", "7", "8", "9", "10")) {
                    assertThat(notifications.receive().payload()).isEqualTo(payload);
                }
                assertThat(notifications.tryReceive()).isEmpty();
            }
        });
    }
}
