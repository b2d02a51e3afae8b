package dev.volokno.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.fiber.Fiber;
import dev.volokno.loop.Loop;
import dev.volokno.loop.LoopOptions;
import dev.volokno.net.TcpSocketFactory;
import dev.volokno.net.UnixSocketFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Properties;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The driver of PostgreSQL as it is, in fibers, over each kind of socket. */
@Timeout(60)
class PostgresTest {
    private static final int FIBERS = 8;
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

    private static Connection connect(String sockets) throws SQLException {
        var properties = new Properties();
        switch (sockets) {
            case "TCP" -> properties.setProperty("socketFactory", TcpSocketFactory.class.getName());
            case "UNIX" -> {
                properties.setProperty("socketFactory", UnixSocketFactory.class.getName());
                properties.setProperty("socketFactoryArg", cluster.socket());
            }
            default -> assertThat(sockets).isEqualTo("JDK");
        }
        return DriverManager.getConnection(cluster.url(), properties);
    }

    private static String ask(Connection connection, String query) throws SQLException {
        try (var statement = connection.createStatement();
                var result = statement.executeQuery(query)) {
            assertThat(result.next()).isTrue();
            return result.getString(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"io_uring, JDK", "io_uring, TCP", "io_uring, UNIX", "epoll, TCP", "epoll, UNIX"})
    void fibersAskAtTheSameTimeAndTheLoopGoesOn(String backend, String sockets) throws Exception {
        Loop.run(
                LoopOptions.defaults().withBackend(backend),
                () -> {
                    var fibers = new ArrayList<Fiber<String>>();
                    for (int i = 0; i < FIBERS; i++) {
                        int number = i;
                        fibers.add(
                                Fiber.start(() -> {
                                    try (Connection connection = connect(sockets)) {
                                        return ask(
                                                connection,
                                                "select pg_sleep(0.2)::text || " + number);
                                    }
                                }));
                    }
                    long before = System.nanoTime();
                    int ticks = 0;
                    for (var fiber : fibers) {
                        while (fiber.state() == Future.State.RUNNING) {
                            Fiber.sleep(Duration.ofMillis(1));
                            ticks++;
                        }
                    }
                    assertThat(ticks).as("turns beside the queries").isGreaterThan(10);
                    for (int i = 0; i < FIBERS; i++) {
                        assertThat(fibers.get(i).join()).isEqualTo(Integer.toString(i));
                    }
                    long nanos = System.nanoTime() - before;
                    assertThat(nanos).isLessThan(FIBERS * 200_000_000L);
                });
    }

    @ParameterizedTest
    @CsvSource({"io_uring, TCP", "epoll, UNIX"})
    void aQueryThatTakesTooLongIsCancelledByTheDriver(String backend, String sockets)
            throws Exception {
        Loop.run(
                LoopOptions.defaults().withBackend(backend),
                () -> {
                    try (Connection connection = connect(sockets);
                            var statement = connection.createStatement()) {
                        statement.setQueryTimeout(1);
                        assertThatThrownBy(() -> statement.executeQuery("select pg_sleep(30)"))
                                .isInstanceOf(SQLException.class)
                                .hasMessageContaining("cancel");
                        assertThat(ask(connection, "select 'usable again'"))
                                .isEqualTo("usable again");
                    }
                });
    }
}
