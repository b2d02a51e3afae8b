/** Prints devices that come, go and change, and network links that do, until it is stopped. */
import module dev.volokno;

void main() throws Exception {
    Loop.run(() -> {
        try (var devices = Uevent.listen();
                var links = LinkEvent.listen()) {
            // Asked after listening: no change falls between the two.
            LinkEvent.current().forEach(this::print);
            IO.println("watching");
            while (true) {
                IO.println(
                        Select.<String>first(
                                Select.when(devices.taking(), this::text),
                                Select.when(links.taking(), this::text)));
            }
        }
    });
}

void print(LinkEvent link) {
    IO.println(text(link));
}

String text(LinkEvent link) {
    String state = link.gone() ? "gone" : link.running() ? "up" : link.up() ? "no carrier" : "down";
    return "link " + link.name() + ": " + state + ", mtu " + link.mtu();
}

String text(Uevent event) {
    return "device " + event.action() + " " + event.subsystem() + " " + event.devpath();
}
