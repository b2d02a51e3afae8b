package dev.volokno.tty;

import dev.volokno.fiber.Offload;
import dev.volokno.net.NetlinkEvents;
import dev.volokno.net.Uevent;
import dev.volokno.tty.SerialEvent.Change;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Serial ports as they are plugged in and out, told by the kernel ({@link Uevent}): no privilege is
 * needed, but the machine's own network namespace, as containers often have not. Pseudo-terminals
 * come and go untold.
 *
 * <p>Open it before {@link SerialPort#list}, and no port is missed between the two.
 */
public final class SerialEvents implements Closeable {
    private final NetlinkEvents<Uevent> uevents;
    private final SerialDevices devices = SerialDevices.OF_THIS_MACHINE;

    private SerialEvents(NetlinkEvents<Uevent> uevents) {
        this.uevents = uevents;
    }

    /** Listens from now on, on the current loop. */
    public static SerialEvents open() throws IOException {
        return new SerialEvents(Uevent.listen());
    }

    /**
     * Waits for the next port that comes or goes. Parks; a cancelled wait has taken nothing.
     *
     * @throws dev.volokno.net.OverrunException if the kernel had more to tell than it could keep:
     *     look at {@link SerialPort#list} again
     */
    public SerialEvent take() throws IOException {
        while (true) {
            Optional<SerialEvent> event = understood(uevents.take());
            if (event.isPresent()) {
                return event.get();
            }
        }
    }

    private Optional<SerialEvent> understood(Uevent uevent) throws IOException {
        // Consoles and the like have no device.
        boolean port = uevent.subsystem().equals("tty") && !uevent.devpath().contains("/virtual/");
        String name = uevent.devpath().substring(uevent.devpath().lastIndexOf('/') + 1);
        if (port && uevent.action().equals("remove")) {
            Path path = devices.pathOf(name);
            return Optional.of(new SerialEvent(Change.REMOVED, path, Optional.empty()));
        }
        if (port && uevent.action().equals("add")) {
            return Offload.call(() -> devices.find(name))
                    .map(device ->
                            new SerialEvent(Change.ADDED, device.path(), Optional.of(device)));
        }
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        uevents.close();
    }
}
