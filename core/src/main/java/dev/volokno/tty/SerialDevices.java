package dev.volokno.tty;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The serial ports that sysfs tells of: terminals with a device behind them. Blocks a little, as
 * files do; a device may go while it is looked at, and is left out then.
 */
final class SerialDevices {
    static final SerialDevices OF_THIS_MACHINE = new SerialDevices(Path.of("/"));

    /** {@code PORT_UNKNOWN}: the driver keeps a name for a port that is not there. */
    private static final String NO_PORT = "0";

    private final Path terminals;
    private final Path devices;

    /** Those under another root than the machine's. */
    SerialDevices(Path root) {
        terminals = root.resolve("sys/class/tty");
        devices = root.resolve("dev");
    }

    List<SerialDevice> list() throws IOException {
        var found = new ArrayList<SerialDevice>();
        for (Path terminal : entriesOf(terminals)) {
            find(terminal.getFileName().toString()).ifPresent(found::add);
        }
        found.sort(
                Comparator.comparing((SerialDevice device) -> letters(device.path()))
                        .thenComparingLong(device -> number(device.path())));
        return found;
    }

    private static String letters(Path path) {
        return path.toString().replaceFirst("\\d+$", "");
    }

    private static long number(Path path) {
        String digits = path.toString().substring(letters(path).length());
        return digits.isEmpty() || digits.length() > 18 ? 0 : Long.parseLong(digits);
    }

    /** The port whose terminal has that name; empty if there is none with a device. */
    Optional<SerialDevice> find(String name) throws IOException {
        Path terminal = terminals.resolve(name);
        try {
            if (NO_PORT.equals(attribute(terminal, "type"))) {
                return Optional.empty();
            }
            Path device = terminal.resolve("device").toRealPath();
            Path path = pathOf(name);
            return Optional.of(
                    new SerialDevice(
                            path,
                            driverOf(device),
                            Optional.ofNullable(usbOf(device)),
                            byIdOf(path)));
        } catch (NoSuchFileException withoutDevice) {
            return Optional.empty();
        }
    }

    Path pathOf(String name) {
        return devices.resolve(name.replace('!', '/'));
    }

    private static Optional<String> driverOf(Path device) throws IOException {
        Path driver = device.resolve("driver");
        return Files.exists(driver)
                ? Optional.of(driver.toRealPath().getFileName().toString())
                : Optional.empty();
    }

    /** The nearest device further up that has a USB identity. */
    private static SerialDevice.@Nullable Usb usbOf(Path device) throws IOException {
        for (Path up = device; up != null; up = up.getParent()) {
            if (Files.exists(up.resolve("idVendor"))) {
                return new SerialDevice.Usb(
                        HexFormat.fromHexDigits(attribute(up, "idVendor")),
                        HexFormat.fromHexDigits(attribute(up, "idProduct")),
                        attribute(up, "serial"),
                        attribute(up, "manufacturer"),
                        attribute(up, "product"));
            }
        }
        return null;
    }

    private Optional<Path> byIdOf(Path path) throws IOException {
        for (Path link : entriesOf(devices.resolve("serial/by-id"))) {
            Path target = link.resolveSibling(Files.readSymbolicLink(link)).normalize();
            if (target.equals(path)) {
                return Optional.of(link);
            }
        }
        return Optional.empty();
    }

    private static List<Path> entriesOf(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().toList();
        } catch (NoSuchFileException none) {
            return List.of();
        }
    }

    /** A file of sysfs, which has one line; empty if there is no such file. */
    private static String attribute(Path directory, String name) throws IOException {
        try {
            return Files.readString(directory.resolve(name)).strip();
        } catch (NoSuchFileException none) {
            return "";
        }
    }
}
