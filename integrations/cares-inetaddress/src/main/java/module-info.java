/**
 * Present, it has {@link java.net.InetAddress} look up names by c-ares, in the whole of the
 * process: on one loop, with no thread that waits for a name server.
 */
module dev.volokno.cares.inetaddress {
    requires dev.volokno.cares;
    requires static org.jspecify;

    exports dev.volokno.cares.inetaddress;

    provides java.net.spi.InetAddressResolverProvider with
            dev.volokno.cares.inetaddress.CaresInetAddressProvider;
}
