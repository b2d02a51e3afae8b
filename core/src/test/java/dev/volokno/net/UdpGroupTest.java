package dev.volokno.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;

/** Groups, on an interface of this machine; nothing leaves it. */
class UdpGroupTest {
    /** An address of this machine, a group, and another one of its family. */
    private record Family(InetAddress any, InetAddress own, InetAddress group, InetAddress other) {
        static Family v4(InetAddress own) {
            return new Family(
                    InetAddress.ofLiteral("0.0.0.0"),
                    own,
                    InetAddress.ofLiteral("239.255.7.1"),
                    InetAddress.ofLiteral("239.255.7.2"));
        }

        /** Groups of this very machine. */
        static Family v6(InetAddress own) {
            return new Family(
                    InetAddress.ofLiteral("::"),
                    own,
                    InetAddress.ofLiteral("ff01::7:1"),
                    InetAddress.ofLiteral("ff01::7:2"));
        }
    }

    private static NetworkInterface loopback() throws IOException {
        return NetworkInterface.getByName("lo");
    }

    /** The loopback interface knows no routes to groups of IPv6, and hears whatever it sends. */
    private static NetworkInterface other() throws IOException {
        var found =
                NetworkInterface.networkInterfaces()
                        .filter(UdpGroupTest::hasGroups)
                        .filter(one -> families(one).size() == 2)
                        .findFirst();
        assumeTrue(found.isPresent(), "no interface here is up, has groups and both families");
        return found.orElseThrow();
    }

    private static boolean hasGroups(NetworkInterface one) {
        try {
            return one.isUp() && one.supportsMulticast() && !one.isLoopback();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Family> families(NetworkInterface on) {
        return Stream.concat(
                        on.inetAddresses()
                                .filter(one -> one instanceof Inet4Address)
                                .limit(1)
                                .map(Family::v4),
                        on.inetAddresses()
                                .filter(one -> one instanceof Inet6Address)
                                .filter(one -> !one.isLinkLocalAddress())
                                .limit(1)
                                .map(Family::v6))
                .toList();
    }

    private interface WithPair {
        void run(Family family, UdpSocket sender, UdpSocket member) throws Exception;
    }

    /** Runs {@code body} for each family, with one who sends to groups and one who may join. */
    private static void each(Configuration configuration, WithPair body) throws Exception {
        configuration.run(() -> {
            for (Family family : families(other())) {
                try (var sender = UdpSocket.bind(new InetSocketAddress(family.own(), 0));
                        var member = UdpSocket.bind(new InetSocketAddress(family.any(), 0))) {
                    sender.multicastBy(other());
                    sender.set(IpOption.MULTICAST_HOPS, 0);
                    body.run(family, sender, member);
                }
            }
        });
    }

    private static InetSocketAddress at(InetAddress group, UdpSocket member) throws IOException {
        return new InetSocketAddress(group, member.localAddress().getPort());
    }

    /** Whatever came before it would be received first. */
    private static void assertNothingBut(String text, UdpSocket member) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(50);
        member.receive(target);
        assertThat(Bytes.text(target)).isEqualTo(text);
    }

    @EachConfiguration
    void aMemberGetsWhatIsSentToTheGroupUntilItLeaves(Configuration configuration)
            throws Exception {
        each(
                configuration,
                (family, sender, member) -> {
                    InetSocketAddress group = at(family.group(), member);
                    sender.send(Bytes.of("before"), group);
                    member.join(family.group(), other());
                    sender.send(Bytes.of("inside"), group);
                    assertNothingBut("inside", member);
                    member.leave(family.group(), other());
                    sender.send(Bytes.of("after"), group);
                    sender.send(Bytes.of("alone"), at(family.own(), member));
                    assertNothingBut("alone", member);
                });
    }

    @EachConfiguration
    void aGroupThatOnlyOthersHaveJoinedIsNotHeard(Configuration configuration) throws Exception {
        each(
                configuration,
                (family, sender, member) -> {
                    InetSocketAddress same = new InetSocketAddress(family.any(), 0);
                    try (var stranger = UdpSocket.bind(same)) {
                        stranger.join(family.other(), other());
                        member.join(family.group(), other());
                        sender.send(Bytes.of("others"), at(family.other(), member));
                        sender.send(Bytes.of("ours"), at(family.group(), member));
                        assertNothingBut("ours", member);
                    }
                });
    }

    @EachConfiguration
    void aMemberForOneSourceHearsThatOneAlone(Configuration configuration) throws Exception {
        InetAddress stranger = InetAddress.ofLiteral("127.0.0.2");
        configuration.run(() -> {
            Family family = Family.v4(InetAddress.ofLiteral("127.0.0.1"));
            try (var sender = UdpSocket.bind(new InetSocketAddress(family.own(), 0));
                    var other = UdpSocket.bind(new InetSocketAddress(stranger, 0));
                    var member = UdpSocket.bind(new InetSocketAddress(family.any(), 0))) {
                sender.multicastBy(loopback());
                other.multicastBy(loopback());
                member.join(family.group(), loopback(), family.own());
                other.send(Bytes.of("stranger"), at(family.group(), member));
                sender.send(Bytes.of("source"), at(family.group(), member));
                assertNothingBut("source", member);
                member.leave(family.group(), loopback(), family.own());
                sender.send(Bytes.of("after"), at(family.group(), member));
                sender.send(Bytes.of("alone"), at(family.own(), member));
                assertNothingBut("alone", member);
            }
        });
    }

    @EachConfiguration
    void aMemberForAnotherSourceHearsNothingOfThisOne(Configuration configuration)
            throws Exception {
        each(
                configuration,
                (family, sender, member) -> {
                    InetAddress nobody =
                            family.own().getAddress().length == 4
                                    ? InetAddress.ofLiteral("127.0.0.9")
                                    : InetAddress.ofLiteral("2001:db8::9");
                    member.join(family.group(), other(), nobody);
                    sender.send(Bytes.of("stranger"), at(family.group(), member));
                    sender.send(Bytes.of("alone"), at(family.own(), member));
                    assertNothingBut("alone", member);
                    member.leave(family.group(), other(), nobody);
                    member.join(family.group(), other(), family.own());
                    sender.send(Bytes.of("source"), at(family.group(), member));
                    assertNothingBut("source", member);
                });
    }

    @EachConfiguration
    void whatIsSentIsNotHeardHereIfSoWished(Configuration configuration) throws Exception {
        each(
                configuration,
                (family, sender, member) -> {
                    member.join(family.group(), other());
                    sender.set(IpOption.MULTICAST_LOOP, false);
                    assertThat(sender.get(IpOption.MULTICAST_LOOP)).isFalse();
                    sender.send(Bytes.of("not here"), at(family.group(), member));
                    sender.set(IpOption.MULTICAST_LOOP, true);
                    sender.send(Bytes.of("here"), at(family.group(), member));
                    assertNothingBut("here", member);
                });
    }

    @EachConfiguration
    void hopsAreAsTheyWereSet(Configuration configuration) throws Exception {
        each(
                configuration,
                (family, sender, member) -> {
                    assertThat(member.get(IpOption.MULTICAST_HOPS)).isEqualTo(1);
                    assertThat(sender.set(IpOption.MULTICAST_HOPS, 7).get(IpOption.MULTICAST_HOPS))
                            .isEqualTo(7);
                });
    }

    @EachConfiguration
    void whatCannotBeJoinedOrLeftSaysSo(Configuration configuration) throws Exception {
        each(
                configuration,
                (family, sender, member) -> {
                    assertThatThrownBy(() -> member.join(family.own(), other()))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("not the address of a group");
                    assertThatThrownBy(() -> member.leave(family.group(), other()))
                            .isInstanceOf(IOException.class)
                            .hasMessageContaining("EADDRNOTAVAIL");
                    member.join(family.group(), other());
                    assertThatThrownBy(() -> member.join(family.group(), other()))
                            .isInstanceOf(IOException.class)
                            .hasMessageContaining("EADDRINUSE");
                });
    }

    @EachConfiguration
    void severalMembersShareOnePort(Configuration configuration) throws Exception {
        configuration.run(() -> {
            for (Family family : families(other())) {
                try (var sender = UdpSocket.bind(new InetSocketAddress(family.own(), 0));
                        var first = UdpSocket.bindShared(new InetSocketAddress(family.any(), 0));
                        var second = UdpSocket.bindShared(at(family.any(), first))) {
                    sender.multicastBy(other());
                    sender.set(IpOption.MULTICAST_HOPS, 0);
                    first.join(family.group(), other());
                    second.join(family.group(), other());
                    sender.send(Bytes.of("both"), at(family.group(), first));
                    assertNothingBut("both", first);
                    assertNothingBut("both", second);
                }
            }
        });
    }
}
