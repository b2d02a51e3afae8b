package dev.volokno.integration;

import static dev.volokno.integration.FakePostgres.READY;
import static dev.volokno.integration.FakePostgres.always;
import static dev.volokno.integration.FakePostgres.command;
import static dev.volokno.integration.FakePostgres.done;
import static dev.volokno.integration.FakePostgres.message;
import static dev.volokno.integration.FakePostgres.texts;
import static dev.volokno.integration.FakePostgres.together;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.libpq.Postgres;
import dev.volokno.libpq.PostgresException;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;

/** Servers that say what makes no sense: libpq's own words for it, and never a crash. */
class LibpqHostileTest {
    private interface Body {
        void run(Postgres postgres) throws Exception;
    }

    private static void with(Configuration configuration, FakePostgres.Serving serving, Body body)
            throws Exception {
        configuration.run(() -> {
            try (var server = new FakePostgres(serving);
                    var postgres = Postgres.connect(server.conninfo())) {
                body.run(postgres);
            }
        });
    }

    /** libpq tells of it by a notice, in the midst of being asked for the number. */
    @EachConfiguration
    void aCountOfRowsThatIsNoNumberIsANotice(Configuration configuration) throws Exception {
        with(
                configuration,
                always(together(done("INSERT 0 many"), READY)),
                postgres -> {
                    assertThat(postgres.query("insert").affected()).isZero();
                    assertThat(postgres.takeNotices().toString()).contains("INSERT 0 many");
                    assertThat(postgres.query("insert").command()).isEqualTo("INSERT 0 many");
                });
    }

    @EachConfiguration
    void anAnswerThatCannotBeTakenEndsTheConnection(Configuration configuration) throws Exception {
        byte[] tooMany = together(done("INSERT 0 99999999999999999999"), READY);
        byte[] replication = message('W', 0, 0, 0);
        byte[] nothing = READY;
        for (byte[] answer : new byte[][] {tooMany, replication}) {
            with(
                    configuration,
                    always(answer),
                    postgres -> {
                        assertLost(postgres);
                        assertThat(postgres.isOpen()).isFalse();
                        assertLost(postgres);
                    });
        }
        with(configuration, always(nothing), LibpqHostileTest::assertLost);
    }

    private static void assertLost(Postgres postgres) {
        assertThatThrownBy(() -> postgres.query("insert"))
                .isInstanceOf(PostgresException.class)
                .extracting("sqlState")
                .isEqualTo("08P01");
    }

    @EachConfiguration
    void anErrorAtNoPositionIsAnErrorAllTheSame(Configuration configuration) throws Exception {
        byte[] error = texts('E', "SERROR", "VERROR", "C42601", "Mwrong", "Phere", "");
        with(
                configuration,
                always(together(error, READY)),
                postgres -> {
                    assertThatThrownBy(() -> postgres.query("select"))
                            .isInstanceOf(PostgresException.class)
                            .hasMessage("ERROR 42601: wrong");
                    assertThat(postgres.isOpen()).isTrue();
                });
    }

    /** Nobody has asked for anything then, and nobody else would see that it has ended. */
    @EachConfiguration
    void nonsenseWhileNothingIsAskedEndsTheConnection(Configuration configuration)
            throws Exception {
        var idle = new CompletableFuture<Boolean>();
        with(
                configuration,
                (in, out) -> {
                    idle.join();
                    out.write(message('A')[0]);
                    out.write(new byte[] {0, 0, 0, 1});
                    command(in);
                },
                postgres -> {
                    idle.complete(true);
                    assertThatThrownBy(() -> postgres.notifications().receive())
                            .isInstanceOf(PostgresException.class)
                            .hasMessageContaining("lost synchronization");
                    assertThat(postgres.isOpen()).isFalse();
                });
    }

    /** libpq reads where it cannot write, and the socket does not tell of it then. */
    @EachConfiguration
    void anAnswerBeforeAllIsSentIsSeen(Configuration configuration) throws Exception {
        String large = "x".repeat(16_000_000);
        with(
                configuration,
                (in, out) -> {
                    in.skipNBytes(1);
                    out.write(together(done("SELECT 0"), READY));
                    in.transferTo(OutputStream.nullOutputStream());
                },
                postgres ->
                        assertThat(postgres.query("select $1", large).command())
                                .isEqualTo("SELECT 0"));
    }
}
