package dev.volokno.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.fiber.Fiber;
import dev.volokno.libpq.ConnectOptions;
import dev.volokno.libpq.Postgres;
import dev.volokno.libpq.PostgresException;
import dev.volokno.libpq.Query;
import dev.volokno.libpq.Result;
import dev.volokno.libpq.Row;
import dev.volokno.libpq.ServerMessage;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Connections and commands by libpq. */
class LibpqTest {
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

    @EachConfiguration
    void aQueryGivesItsRows(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var postgres = Postgres.connect(cluster.conninfo())) {
                Result result =
                        postgres.query(
                                "select i, 'row ' || i as name, null as nothing"
                                        + " from generate_series(1, $1) i",
                                3);
                assertThat(result.command()).isEqualTo("SELECT 3");
                assertThat(result.affected()).isEqualTo(3);
                assertThat(result.rows()).hasSize(3);
                Row last = result.rows().getLast();
                assertThat(last.integer(0)).isEqualTo(3);
                assertThat(last.text("name")).isEqualTo("row 3");
                assertThat(last.find("nothing")).isEmpty();
                assertThatThrownBy(() -> last.text(2)).isInstanceOf(IllegalStateException.class);
            }
        });
    }

    @EachConfiguration
    void overAUnixSocketByAUri(Configuration configuration) throws Exception {
        String host = cluster.socket().replaceFirst("/[^/]*$", "").replace("/", "%2F");
        String uri = "postgresql://postgres@" + host + ":" + cluster.port() + "/postgres";
        configuration.run(() -> {
            try (var postgres = Postgres.connect(uri)) {
                assertThat(postgres.query("select inet_client_addr()").row().find(0)).isEmpty();
            }
        });
    }

    @EachConfiguration
    void parametersComeBackAsTheyWere(Configuration configuration) throws Exception {
        var uuid = UUID.randomUUID();
        byte[] bytes = {0, 1, -1, '\\'};
        configuration.run(() -> {
            try (var postgres = Postgres.connect(cluster.conninfo())) {
                Row row =
                        postgres.query(
                                        "select $1::text, $2::int8, $3::bytea, $4::uuid, $5::bool,"
                                                + " $6::text, $7::date",
                                        "ü \ud83d\ude00 ' \\",
                                        Long.MIN_VALUE,
                                        bytes,
                                        uuid,
                                        true,
                                        Optional.empty(),
                                        java.time.LocalDate.of(2024, 2, 29))
                                .row();
                assertThat(row.text(0)).isEqualTo("ü \ud83d\ude00 ' \\");
                assertThat(row.integer(1)).isEqualTo(Long.MIN_VALUE);
                assertThat(row.bytes(2)).isEqualTo(bytes);
                assertThat(row.text(3)).isEqualTo(uuid.toString());
                assertThat(row.text(4)).isEqualTo("t");
                assertThat(row.isNull(5)).isTrue();
                assertThat(row.text(6)).isEqualTo("2024-02-29");
            }
        });
    }

    @EachConfiguration
    void aLargeParameterGoesThrough(Configuration configuration) throws Exception {
        String large = "x".repeat(20_000_000);
        configuration.run(() -> {
            try (var postgres = Postgres.connect(cluster.conninfo())) {
                Row row = postgres.query("select length($1), $1::text", large).row();
                assertThat(row.integer(0)).isEqualTo(large.length());
                assertThat(row.text(1)).isEqualTo(large);
            }
        });
    }

    @EachConfiguration
    void resultsCanBeBinary(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var postgres = Postgres.connect(cluster.conninfo())) {
                var query =
                        Query.of("select $1::int8, -2::int2, $2::bytea", 1L << 40, new byte[] {7});
                Row row = postgres.query(query.binary()).row();
                assertThat(row.columns().getFirst().binary()).isTrue();
                assertThat(row.integer(0)).isEqualTo(1L << 40);
                assertThat(row.integer(1)).isEqualTo(-2);
                assertThat(row.bytes(2)).containsExactly(7);
                assertThatThrownBy(() -> row.text(0)).isInstanceOf(IllegalStateException.class);
            }
        });
    }

    @EachConfiguration
    void aPreparedStatementIsCarriedOutOftenAndForgotten(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (var postgres = Postgres.connect(cluster.conninfo())) {
                try (var statement = postgres.prepare("select $1::int + 1")) {
                    for (int i = 0; i < 10; i++) {
                        assertThat(statement.query(i).row().integer(0)).isEqualTo(i + 1);
                    }
                }
                assertThat(
                                postgres.query("select count(*) from pg_prepared_statements")
                                        .row()
                                        .integer(0))
                        .isZero();
            }
        });
    }

    @EachConfiguration
    void errorsSayWhatTheServerSays(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var postgres = Postgres.connect(cluster.conninfo())) {
                postgres.script("create temp table once(i int constraint only_once primary key)");
                postgres.query("insert into once values (1)");
                assertThatThrownBy(() -> postgres.query("insert into once values ($1)", 1))
                        .isInstanceOfSatisfying(
                                PostgresException.class,
                                e -> {
                                    assertThat(e.sqlState()).isEqualTo("23505");
                                    ServerMessage said = e.serverMessage().orElseThrow();
                                    assertThat(said.severity()).isEqualTo("ERROR");
                                    assertThat(said.subject()).contains("only_once");
                                    assertThat(said.detail())
                                            .hasValueSatisfying(detail ->
                                                    assertThat(detail).contains("(i)=(1)"));
                                });
                assertThatThrownBy(() -> postgres.query("selekt"))
                        .isInstanceOfSatisfying(
                                PostgresException.class,
                                e ->
                                        assertThat(e.serverMessage().orElseThrow().position())
                                                .isEqualTo(1));
                assertThat(postgres.query("select 1").row().integer(0)).isEqualTo(1);
            }
        });
    }

    @EachConfiguration
    void aScriptGivesAResultForEachCommand(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var postgres = Postgres.connect(cluster.conninfo())) {
                List<Result> results =
                        postgres.script(
                                "create temp table t(i int); insert into t select 1; table t");
                assertThat(results)
                        .extracting(Result::command)
                        .containsExactly("CREATE TABLE", "INSERT 0 1", "SELECT 1");
                assertThatThrownBy(() -> postgres.query("select 1; select 2"))
                        .isInstanceOf(PostgresException.class);
            }
        });
    }

    @EachConfiguration
    void aTransactionIsKeptWholeOrNotAtAll(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var postgres = Postgres.connect(cluster.conninfo())) {
                postgres.query("create temp table t(i int)");
                postgres.transaction(() -> postgres.query("insert into t values (1)"));
                assertThatThrownBy(() ->
                                postgres.transaction(() -> {
                                    postgres.query("insert into t values (2)");
                                    throw new IllegalArgumentException("no");
                                }))
                        .isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() ->
                                postgres.transaction(() -> {
                                    try {
                                        return postgres.query("insert into t values ('x')");
                                    } catch (PostgresException swallowed) {
                                        return swallowed;
                                    }
                                }))
                        .hasMessageContaining("rolled back");
                assertThat(postgres.query("select sum(i) from t").row().integer(0)).isEqualTo(1);
            }
        });
    }

    @EachConfiguration
    void noticesAreKept(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var postgres = Postgres.connect(cluster.conninfo())) {
                postgres.script("do $$ begin raise warning 'careful'; end $$");
                assertThat(postgres.takeNotices())
                        .singleElement()
                        .satisfies(notice -> {
                            assertThat(notice.severity()).isEqualTo("WARNING");
                            assertThat(notice.text()).isEqualTo("careful");
                        });
                assertThat(postgres.takeNotices()).isEmpty();
                postgres.script(
                        "do $$ begin for i in 1..1000 loop raise notice '%', i;"
                                + " end loop; end $$");
                assertThat(postgres.takeNotices())
                        .hasSize(100)
                        .last()
                        .extracting(ServerMessage::text)
                        .isEqualTo("1000");
            }
        });
    }

    @EachConfiguration
    void manyConnectionsShareALoop(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var fibers = new ArrayList<Fiber<Long>>();
            for (int i = 0; i < 100; i++) {
                fibers.add(
                        Fiber.start(() -> {
                            try (var postgres = Postgres.connect(cluster.conninfo())) {
                                return postgres.query("select pg_backend_pid()").row().integer(0);
                            }
                        }));
            }
            var processes = new HashSet<Long>();
            for (var fiber : fibers) {
                processes.add(fiber.join());
            }
            assertThat(processes).hasSize(100);
        });
    }

    @EachConfiguration
    void fibersOnOneConnectionTakeTurns(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var postgres = Postgres.connect(cluster.conninfo())) {
                var fibers = new ArrayList<Fiber<Long>>();
                for (int i = 0; i < 50; i++) {
                    int number = i;
                    fibers.add(
                            Fiber.start(() ->
                                    postgres.query("select $1::int", number).row().integer(0)));
                }
                for (int i = 0; i < 50; i++) {
                    assertThat(fibers.get(i).join()).isEqualTo(i);
                }
            }
        });
    }

    @EachConfiguration
    void namesAreLookedUpByTheResolver(Configuration configuration) throws Exception {
        String conninfo = cluster.conninfo().replace("127.0.0.1", "nowhere.invalid,db.invalid");
        var asked = new ArrayList<String>();
        var options =
                ConnectOptions.defaults()
                        .withResolver(name -> {
                            asked.add(name);
                            if (name.startsWith("nowhere")) {
                                throw new UnknownHostException(name);
                            }
                            // Nobody listens at the first.
                            return List.of(
                                    InetAddress.ofLiteral("127.0.0.2"),
                                    InetAddress.ofLiteral("127.0.0.1"));
                        });
        configuration.run(() -> {
            try (var postgres = Postgres.connect(conninfo, options)) {
                assertThat(postgres.query("select host(inet_server_addr())").row().text(0))
                        .isEqualTo("127.0.0.1");
            }
        });
        assertThat(asked).containsExactly("nowhere.invalid", "db.invalid");
    }

    @EachConfiguration
    void aConnectionThatIsRefusedSaysWhy(Configuration configuration) throws Exception {
        configuration.run(() -> {
            assertThatThrownBy(() ->
                            Postgres.connect(
                                    cluster.conninfo()
                                            .replace("dbname=postgres", "dbname=nothing")))
                    .isInstanceOfSatisfying(
                            PostgresException.class,
                            e -> assertThat(e.sqlState()).isEqualTo("08001"))
                    .hasMessageContaining("\"nothing\" does not exist");
            assertThatThrownBy(() -> Postgres.connect("host=127.0.0.1 port=1"))
                    .hasMessageContaining("Connection refused");
            assertThatThrownBy(() -> Postgres.connect("hots=127.0.0.1 password=secret"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("hots")
                    .hasMessageNotContaining("secret");
        });
    }

    @Test
    void theVersionsAreTold() throws Exception {
        Configuration.EPOLL.run(() -> {
            try (var postgres = Postgres.connect(cluster.conninfo())) {
                assertThat(Postgres.libraryVersion()).get().asString().matches("\\d+\\.\\d+");
                assertThat(postgres.serverVersion()).isGreaterThan(90_000);
            }
        });
    }
}
