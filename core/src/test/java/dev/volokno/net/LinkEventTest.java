package dev.volokno.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.fiber.Fiber;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.Network;
import dev.volokno.support.Waiting;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LinkEventTest {
    @EachConfiguration
    void theInterfacesAreListed(Configuration configuration) throws Exception {
        configuration.run(() -> {
            LinkEvent loopback =
                    LinkEvent.current().stream()
                            .filter(link -> link.name().equals("lo"))
                            .findFirst()
                            .orElseThrow();
            assertThat(loopback.index()).isEqualTo(1);
            assertThat(loopback.mtu()).isGreaterThanOrEqualTo(1280);
            assertThat(loopback.gone()).isFalse();
        });
    }

    /** A confined loop runs on the thread that entered the namespace. */
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"EPOLL_UNCONFINED", "TEST_LOOP"})
    void whatHappensToAnInterfaceIsTold(Configuration configuration) throws Exception {
        try (var network = Network.open()) {
            network.onLeft(() ->
                    configuration.run(() -> {
                        assertThat(names(LinkEvent.current())).contains("lo", "cable");
                        try (var events = LinkEvent.listen()) {
                            var down =
                                    Waiting.untilParked(
                                            Fiber.start(() -> next(events, link -> !link.up())));
                            network.ipLeft("link set cable down");
                            assertThat(down.join().running()).isFalse();
                            network.ipLeft("link set cable mtu 1400 up");
                            assertThat(next(events, LinkEvent::running).mtu()).isEqualTo(1400);
                            network.ipRight("link set cable down");
                            assertThat(next(events, link -> !link.running()).up()).isTrue();
                            network.ipRight("link del cable");
                            assertThat(next(events, LinkEvent::gone).name()).isEqualTo("cable");
                        }
                    }));
        }
    }

    private static List<String> names(List<LinkEvent> links) {
        return links.stream().map(LinkEvent::name).toList();
    }

    private static LinkEvent next(NetlinkEvents<LinkEvent> events, Predicate<LinkEvent> wanted)
            throws Exception {
        LinkEvent event = events.take();
        while (!event.name().equals("cable") || !wanted.test(event)) {
            event = events.take();
        }
        return event;
    }

    @Test
    void whateverADatagramHoldsParsingItEnds() {
        var random = RandomGenerator.of("L64X128MixRandom");
        var told = new ArrayDeque<LinkEvent>();
        for (int round = 0; round < 20_000; round++) {
            var bytes = new byte[random.nextInt(120)];
            random.nextBytes(bytes);
            ByteBuffer datagram = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
            if (bytes.length > 36) {
                // Of the right type, with lengths as it likes to say.
                datagram.putInt(0, random.nextInt(200) - 20).putShort(4, (short) 16);
                datagram.putShort(32, (short) random.nextInt(60));
                datagram.putShort(34, (short) (3 + random.nextInt(2)));
            }
            LinkEvent.parse(datagram, told);
            told.clear();
        }
    }
}
