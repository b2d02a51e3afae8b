package dev.volokno.cares;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.CancelledException;
import dev.volokno.DeadlineException;
import dev.volokno.fiber.Deadline;
import dev.volokno.fiber.Fiber;
import dev.volokno.foreign.LibraryEndedException;
import dev.volokno.loop.Loop;
import dev.volokno.net.LookupException;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Servers that are gone, silent, or say what they should not; callers that leave. */
class CaresFailureTest {
    private static final byte[] ADDRESS = {(byte) 192, 0, 2, 53};
    private static final InetAddress FOUND = InetAddress.ofLiteral("192.0.2.53");

    private static byte[] truth(byte[] question) {
        return FakeServer.asksIpv4(question)
                ? FakeServer.record(question, ADDRESS)
                : FakeServer.code(question, 0);
    }

    private static CaresOptions quick(CaresOptions options) {
        return options.withTimeout(Duration.ofMillis(50)).withTries(2);
    }

    private static CaresOptions once(CaresOptions options) {
        return options.withTimeout(Duration.ofMillis(20)).withTries(1);
    }

    private static LookupException failure(CaresOptions options) throws IOException {
        try (var resolver = CaresResolver.open(options)) {
            List<InetAddress> found = resolver.resolve("name.test");
            throw new AssertionError("found " + found);
        } catch (LookupException e) {
            return e;
        }
    }

    @EachConfiguration
    void anAnswerThatIsLostIsAskedForAgain(Configuration configuration) throws Exception {
        var count = new AtomicInteger();
        UnaryOperator<byte[]> everyThird =
                question -> count.getAndIncrement() % 3 == 2 ? truth(question) : FakeServer.SILENCE;
        try (var server = FakeServer.start(everyThird)) {
            configuration.run(() -> {
                var options = server.options().withTimeout(Duration.ofMillis(20)).withTries(6);
                try (var resolver = CaresResolver.open(options)) {
                    assertThat(resolver.resolve("name.test")).containsExactly(FOUND);
                }
            });
        }
        assertThat(count).hasValueGreaterThanOrEqualTo(3);
    }

    @EachConfiguration
    void aServerThatIsSilentIsGivenUpAndThatIsTemporary(Configuration configuration)
            throws Exception {
        try (var server = FakeServer.start(_ -> FakeServer.SILENCE)) {
            configuration.run(() -> {
                LookupException failure = failure(quick(server.options()));
                assertThat(failure.code()).isEqualTo("ARES_ETIMEOUT");
                assertThat(failure.isTemporary()).isTrue();
            });
            assertThat(server.questions()).isEqualTo(4);
        }
    }

    @EachConfiguration
    void whereNoServerIsThatIsToldAtOnce(Configuration configuration) throws Exception {
        configuration.run(() -> {
            CaresOptions options = CaresOptions.defaults().withServers(Dnsmasq.freeAddress());
            LookupException failure = failure(options.withoutHostsFile());
            assertThat(failure.code()).isEqualTo("ARES_ECONNREFUSED");
            assertThat(failure.isTemporary()).isTrue();
        });
    }

    @EachConfiguration
    void theNextServerIsAskedIfTheFirstIsDeadOrSilentOrFails(Configuration configuration)
            throws Exception {
        try (var good = FakeServer.start(CaresFailureTest::truth);
                var silent = FakeServer.start(_ -> FakeServer.SILENCE);
                var failing = FakeServer.start(question -> FakeServer.code(question, 2))) {
            var dead = Dnsmasq.freeAddress();
            configuration.run(() -> {
                for (var first : List.of(dead, silent.address(), failing.address())) {
                    var options = quick(good.options().withServers(first, good.address()));
                    try (var resolver = CaresResolver.open(options)) {
                        assertThat(resolver.resolve("name.test")).containsExactly(FOUND);
                    }
                }
            });
        }
    }

    @EachConfiguration
    void whatAServerRefusesOrFailsAtIsToldSo(Configuration configuration) throws Exception {
        int servfail = 2;
        int refused = 5;
        try (var failing = FakeServer.start(question -> FakeServer.code(question, servfail));
                var refusing = FakeServer.start(question -> FakeServer.code(question, refused))) {
            configuration.run(() -> {
                LookupException failure = failure(quick(failing.options()));
                assertThat(failure.code()).isEqualTo("ARES_ESERVFAIL");
                assertThat(failure.isTemporary()).isTrue();
                assertThat(failure(quick(refusing.options())).code()).isEqualTo("ARES_EREFUSED");
            });
        }
    }

    @EachConfiguration
    void answersThatAreNoneHarmNobody(Configuration configuration) throws Exception {
        var random = new Random(7);
        List<UnaryOperator<byte[]>> lies =
                List.of(
                        _ -> new byte[0].clone(),
                        _ -> new byte[] {1},
                        question -> Arrays.copyOf(question, 12),
                        question -> Arrays.copyOf(truth(question), question.length + 5),
                        question -> otherNumber(truth(question)),
                        question -> otherName(truth(question)),
                        question -> pointingAtItself(truth(question)),
                        question -> garbage(question, random));
        configuration.run(() -> {
            for (UnaryOperator<byte[]> lie : lies) {
                try (var server = FakeServer.start(lie);
                        var resolver = CaresResolver.open(once(server.options()))) {
                    assertThatThrownBy(() -> resolver.resolve("name.test"))
                            .isInstanceOf(UnknownHostException.class);
                    assertThatThrownBy(() -> resolver.services("name.test"))
                            .isInstanceOf(UnknownHostException.class);
                    assertThatThrownBy(() -> resolver.texts("name.test"))
                            .isInstanceOf(UnknownHostException.class);
                }
            }
        });
    }

    private static byte[] otherNumber(byte[] answer) {
        answer[1]++;
        return answer;
    }

    private static byte[] otherName(byte[] answer) {
        answer[13] ^= 3;
        return answer;
    }

    private static byte[] pointingAtItself(byte[] answer) {
        int pointer = answer.length - 16;
        if (answer[pointer] == (byte) 0xc0) {
            answer[pointer + 1] = (byte) pointer;
        }
        return answer;
    }

    private static byte[] garbage(byte[] question, Random random) {
        byte[] answer = Arrays.copyOf(FakeServer.code(question, 0), question.length + 40);
        random.nextBytes(answer);
        System.arraycopy(question, 0, answer, 0, question.length);
        answer[2] = (byte) 0x81;
        answer[7] = 3;
        return answer;
    }

    @EachConfiguration
    void aTextWhoseLengthIsALieIsRefused(Configuration configuration) throws Exception {
        byte[] tooLong = {50, 'a', 'b'};
        try (var server = FakeServer.start(question -> FakeServer.record(question, tooLong))) {
            configuration.run(() -> {
                try (var resolver = CaresResolver.open(server.options())) {
                    assertThatThrownBy(() -> resolver.texts("name.test"))
                            .hasMessageContaining("ARES_EBADRESP");
                    assertThatThrownBy(() -> resolver.services("name.test"))
                            .hasMessageContaining("ARES_EBADRESP");
                }
            });
        }
    }

    @EachConfiguration
    void whoIsCancelledOrOutOfTimeLeavesAtOnce(Configuration configuration) throws Exception {
        try (var server = FakeServer.start(_ -> FakeServer.SILENCE)) {
            configuration.run(() -> {
                try (var resolver = CaresResolver.open(server.options())) {
                    assertThatThrownBy(() ->
                                    Deadline.within(
                                            Duration.ofMillis(20),
                                            () -> resolver.resolve("name.test")))
                            .isInstanceOf(DeadlineException.class);
                    var fiber = Fiber.start(() -> resolver.resolve("name.test"));
                    while (server.questions() < 4) {
                        Fiber.sleep(Duration.ofMillis(1));
                    }
                    fiber.cancel();
                    assertThatThrownBy(fiber::join)
                            .isInstanceOf(CancellationException.class)
                            .hasCauseInstanceOf(CancelledException.class);
                }
            });
        }
    }

    @EachConfiguration
    void whoLeavesTakesNothingFromTheOthers(Configuration configuration) throws Exception {
        var answering = new AtomicInteger();
        UnaryOperator<byte[]> onceTold =
                question -> answering.get() > 0 ? truth(question) : FakeServer.SILENCE;
        try (var server = FakeServer.start(onceTold)) {
            configuration.run(() -> {
                var options =
                        server.options()
                                .withTimeout(Duration.ofMillis(100))
                                .withTries(8)
                                .withAtOnce(3);
                try (var resolver = CaresResolver.open(options)) {
                    var fibers = new ArrayList<Fiber<List<InetAddress>>>();
                    for (int i = 0; i < 40; i++) {
                        fibers.add(Fiber.start(() -> resolver.resolve("name.test")));
                    }
                    while (server.questions() < 6) {
                        Fiber.sleep(Duration.ofMillis(1));
                    }
                    for (int i = 0; i < 40; i += 2) {
                        fibers.get(i).cancel();
                    }
                    answering.set(1);
                    for (int i = 1; i < 40; i += 2) {
                        assertThat(fibers.get(i).join()).containsExactly(FOUND);
                    }
                }
            });
        }
    }

    @EachConfiguration
    void afterAllHaveLeftTheNextOneIsServed(Configuration configuration) throws Exception {
        var answering = new AtomicInteger();
        UnaryOperator<byte[]> onceTold =
                question -> answering.get() > 0 ? truth(question) : FakeServer.SILENCE;
        try (var server = FakeServer.start(onceTold)) {
            configuration.run(() -> {
                try (var resolver = CaresResolver.open(server.options().withAtOnce(2))) {
                    for (int i = 0; i < 20; i++) {
                        assertThat(
                                        Deadline.tryWithin(
                                                Duration.ofMillis(2),
                                                () -> resolver.resolve("name.test")))
                                .isEmpty();
                    }
                    answering.set(1);
                    assertThat(resolver.resolve("name.test")).containsExactly(FOUND);
                }
            });
        }
    }

    @EachConfiguration
    void closingEndsLookUpsThatAreUnderWay(Configuration configuration) throws Exception {
        try (var server = FakeServer.start(_ -> FakeServer.SILENCE)) {
            configuration.run(() -> {
                var resolver = CaresResolver.open(server.options().withAtOnce(5));
                var fibers = new ArrayList<Fiber<?>>();
                for (int i = 0; i < 5; i++) {
                    fibers.add(
                            Fiber.start(() ->
                                    assertThatThrownBy(() -> resolver.resolve("name.test"))
                                            .isInstanceOf(AsynchronousCloseException.class)));
                }
                while (server.questions() < 10) {
                    Fiber.sleep(Duration.ofMillis(1));
                }
                for (int i = 0; i < 5; i++) {
                    fibers.add(
                            Fiber.start(() ->
                                    assertThatThrownBy(() -> resolver.resolve("late.test"))
                                            .isInstanceOf(IOException.class)));
                }
                Fiber.yield();
                resolver.close();
                resolver.close();
                for (var fiber : fibers) {
                    fiber.join();
                }
                assertThatThrownBy(() -> resolver.resolve("name.test"))
                        .isInstanceOf(LibraryEndedException.class)
                        .hasMessage(resolver + " is closed");
            });
        }
    }

    @EachConfiguration
    void theEndOfTheLoopEndsLookUpsFromElsewhere(Configuration configuration) throws Exception {
        try (var server = FakeServer.start(_ -> FakeServer.SILENCE)) {
            var owner = Loop.start(configuration.options());
            var resolver = owner.submit(() -> CaresResolver.open(server.options())).join();
            configuration.run(() -> {
                var asking =
                        Fiber.start(() ->
                                assertThatThrownBy(() -> resolver.resolve("name.test"))
                                        .isInstanceOf(AsynchronousCloseException.class));
                while (server.questions() < 2) {
                    Fiber.sleep(Duration.ofMillis(1));
                }
                owner.stop(Duration.ofSeconds(5));
                asking.join();
            });
        }
    }
}
