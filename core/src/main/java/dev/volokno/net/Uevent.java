package dev.volokno.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/**
 * The kernel's word that a device has come, gone, or changed; before udev has given it its names
 * and permissions.
 *
 * @param action {@code add}, {@code remove}, {@code change}, {@code move}, {@code online}, {@code
 *     offline}, {@code bind} or {@code unbind}
 * @param devpath the device's directory below {@code /sys}
 * @param properties all that was told, by name: {@code SUBSYSTEM}, {@code DEVNAME}, {@code MAJOR},
 *     {@code SEQNUM} and so on
 */
public record Uevent(String action, String devpath, Map<String, String> properties) {
    private static final int FROM_KERNEL = 1;

    /**
     * Listens to the kernel's events, those of this network namespace's devices and all without a
     * namespace; needs no privilege. What other processes send, udev's own events too, is not
     * believed and passed over. A container that has a user namespace of its own hears little or
     * nothing.
     */
    public static NetlinkEvents<Uevent> listen() throws IOException {
        return NetlinkEvents.open(NetlinkSocket.KOBJECT_UEVENT, FROM_KERNEL, Uevent::parse);
    }

    /** A property; empty if it was not told. */
    public Optional<String> property(String name) {
        return Optional.ofNullable(properties.get(name));
    }

    /** The device's subsystem, such as {@code tty} or {@code net}; empty if none was told. */
    public String subsystem() {
        return properties.getOrDefault("SUBSYSTEM", "");
    }

    /**
     * {@code ACTION@DEVPATH}, then {@code NAME=VALUE} lines, each with a zero at its end
     * (lib/kobject_uevent.c).
     */
    static void parse(ByteBuffer datagram, Queue<Uevent> told) {
        String[] lines = StandardCharsets.UTF_8.decode(datagram).toString().split("\0", -1);
        int at = lines[0].indexOf('@');
        if (at < 0) {
            return;
        }
        var properties = new LinkedHashMap<String, String>();
        for (int i = 1; i < lines.length; i++) {
            int equals = lines[i].indexOf('=');
            if (equals > 0) {
                properties.put(lines[i].substring(0, equals), lines[i].substring(equals + 1));
            }
        }
        told.add(
                new Uevent(
                        lines[0].substring(0, at),
                        lines[0].substring(at + 1),
                        Collections.unmodifiableMap(properties)));
    }
}
