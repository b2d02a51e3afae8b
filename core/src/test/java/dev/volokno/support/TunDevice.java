package dev.volokno.support;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.volokno.linux.Fcntl;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A network device whose other side is a descriptor (tun). */
public final class TunDevice {
    private static final String DEVICE = "/dev/net/tun";
    private static final int TUNSETIFF = 0x4004_54ca;
    private static final short IFF_TUN = 1;
    private static final short IFF_NO_PI = 0x1000;
    private static final int IFREQ_SIZE = 40;
    private static final int IFREQ_FLAGS = 16;

    private TunDevice() {}

    /** Makes one in the calling thread's network: its descriptor. */
    public static int open(String name) throws IOException {
        assumeTrue(Files.isWritable(Path.of(DEVICE)), "there is no " + DEVICE);
        int number = TestLibc.open(DEVICE, Fcntl.O_RDWR);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(IFREQ_SIZE, 8);
            request.setString(0, name);
            request.set(ValueLayout.JAVA_SHORT, IFREQ_FLAGS, (short) (IFF_TUN | IFF_NO_PI));
            TestLibc.ioctl(number, TUNSETIFF, request);
        }
        return number;
    }

    /** Gives it an address and makes it usable; on the thread that made it. */
    public static void up(String name, String address) throws Exception {
        new ProcessBuilder("ip", "addr", "add", address, "dev", name).start().waitFor();
        new ProcessBuilder("ip", "link", "set", name, "up").start().waitFor();
    }

    /** Sends a datagram on its way, once there is a way. */
    public static void send(DatagramSocket socket, String to, String text) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        socket.send(new DatagramPacket(bytes, bytes.length, InetAddress.getByName(to), 9));
    }
}
