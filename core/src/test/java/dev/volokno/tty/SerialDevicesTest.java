package dev.volokno.tty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over a tree as sysfs has it. */
class SerialDevicesTest {
    @TempDir private Path root;

    private Path directory(String path) throws IOException {
        return Files.createDirectories(root.resolve(path));
    }

    private void link(String from, String to) throws IOException {
        Path link = root.resolve(from);
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, link.getParent().relativize(root.resolve(to)));
    }

    /** A terminal of the class, with the device behind it and that device's driver. */
    private void terminal(String name, String device, String driver) throws IOException {
        directory(device);
        link("sys/class/tty/" + name, directory(device + "/tty/" + name).toString());
        link(device + "/tty/" + name + "/device", device);
        if (!driver.isEmpty()) {
            directory("sys/bus/any/drivers/" + driver);
            link(device + "/driver", "sys/bus/any/drivers/" + driver);
        }
        Path file = root.resolve("dev").resolve(name.replace('!', '/'));
        Files.createDirectories(file.getParent());
        Files.createFile(file);
    }

    private void attribute(String directory, String name, String value) throws IOException {
        Files.writeString(directory(directory).resolve(name), value + "\n");
    }

    private void usbAdapter() throws IOException {
        String usb = "sys/devices/pci0000:00/usb1/1-2";
        terminal("ttyUSB0", usb + "/1-2:1.0/ttyUSB0", "ftdi_sio");
        attribute(usb, "idVendor", "0403");
        attribute(usb, "idProduct", "6001");
        attribute(usb, "serial", "A50285BI");
        attribute(usb, "manufacturer", "FTDI");
        attribute(usb, "product", "FT232R USB UART");
        link("dev/serial/by-id/usb-FTDI_FT232R_A50285BI-if00-port0", "dev/ttyUSB0");
    }

    @Test
    void aUsbAdapterIsToldWithItsIdentityDriverAndLastingName() throws Exception {
        usbAdapter();
        var device = new SerialDevices(root).list().getFirst();
        assertThat(device.path()).isEqualTo(root.resolve("dev/ttyUSB0"));
        assertThat(device.driver()).contains("ftdi_sio");
        assertThat(device.byId())
                .contains(root.resolve("dev/serial/by-id/usb-FTDI_FT232R_A50285BI-if00-port0"));
        assertThat(device.usb())
                .contains(
                        new SerialDevice.Usb(
                                0x0403, 0x6001, "A50285BI", "FTDI", "FT232R USB UART"));
        assertThat(device.usb().orElseThrow().id()).isEqualTo("0403:6001");
    }

    @Test
    void aPortOfTheBoardHasADriverAndNoMore() throws Exception {
        terminal("ttyAMA0", "sys/devices/platform/soc/serial", "uart-pl011");
        assertThat(new SerialDevices(root).list())
                .containsExactly(
                        new SerialDevice(
                                root.resolve("dev/ttyAMA0"),
                                Optional.of("uart-pl011"),
                                Optional.empty(),
                                Optional.empty()));
    }

    @Test
    void aUsbDeviceWithoutSerialNumberAndNamesIsToldAllTheSame() throws Exception {
        String usb = "sys/devices/usb2/2-1";
        terminal("ttyACM3", usb + "/2-1:1.0", "");
        attribute(usb, "idVendor", "2341");
        attribute(usb, "idProduct", "0043");
        var device = new SerialDevices(root).list().getFirst();
        assertThat(device.usb()).contains(new SerialDevice.Usb(0x2341, 0x43, "", "", ""));
        assertThat(device.driver()).isEmpty();
    }

    @Test
    void namesWithoutADeviceArePassedOver() throws Exception {
        directory("sys/class/tty/tty1");
        directory("sys/class/tty/console");
        terminal("ttyS1", "sys/devices/platform/serial8250", "serial8250");
        attribute("sys/devices/platform/serial8250/tty/ttyS1", "type", "0");
        assertThat(new SerialDevices(root).list()).isEmpty();
    }

    @Test
    void theyComeInTheOrderOfTheirNumbers() throws Exception {
        for (int number : new int[] {10, 2, 0}) {
            terminal("ttyUSB" + number, "sys/devices/usb/port" + number, "pl2303");
        }
        terminal("ttyACM0", "sys/devices/usb/acm", "cdc_acm");
        assertThat(new SerialDevices(root).list())
                .extracting(device -> device.path().getFileName().toString())
                .containsExactly("ttyACM0", "ttyUSB0", "ttyUSB2", "ttyUSB10");
    }

    @Test
    void withoutSysfsThereAreNone() throws Exception {
        assertThat(new SerialDevices(root).list()).isEmpty();
    }

    @EachConfiguration
    void thoseOfThisMachineAreThere(Configuration configuration) throws Exception {
        configuration.run(() ->
                assertThat(SerialPort.list())
                        .allSatisfy(device -> assertThat(device.path()).exists()));
    }
}
