package dev.volokno.tty;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A serial port that the kernel knows.
 *
 * @param path where to open it, such as {@code /dev/ttyUSB0}
 * @param driver the kernel's driver of the device, such as {@code ftdi_sio}; empty if sysfs names
 *     none
 * @param usb what its USB device says of itself; empty if it is none
 * @param byId a name that stays the same whichever socket it is plugged into, made by udev; empty
 *     where there is none
 */
public record SerialDevice(
        Path path, Optional<String> driver, Optional<Usb> usb, Optional<Path> byId) {
    /**
     * What a USB device says of itself.
     *
     * @param vendor its maker's number
     * @param product the maker's number of it
     * @param serialNumber empty if it has none
     * @param manufacturer the maker's name, or empty
     * @param productName its name, or empty
     */
    public record Usb(
            int vendor, int product, String serialNumber, String manufacturer, String productName) {
        /** {@code 0403:6001}, as lsusb(8) writes it. */
        public String id() {
            return "%04x:%04x".formatted(vendor, product);
        }
    }
}
