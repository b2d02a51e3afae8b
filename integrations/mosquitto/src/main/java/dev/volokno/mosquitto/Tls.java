package dev.volokno.mosquitto;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How a connection is encrypted, by OpenSSL within libmosquitto.
 *
 * @param authorities the file of the certificates that are trusted; the system's if none
 * @param certificate the file of the client's own certificate, with {@code key}
 * @param key the file of the client's own key, which has no password
 * @param verified whether the broker's certificate must be trusted and be for its name
 */
public record Tls(
        Optional<Path> authorities,
        Optional<Path> certificate,
        Optional<Path> key,
        boolean verified) {
    /** Trusts what the system trusts. */
    public static Tls system() {
        return new Tls(Optional.empty(), Optional.empty(), Optional.empty(), true);
    }

    /** Trusts the certificates in a PEM file. */
    public static Tls trusting(Path authorities) {
        return new Tls(Optional.of(authorities), Optional.empty(), Optional.empty(), true);
    }

    /** The same, and the client shows a certificate of its own; both are PEM files. */
    public Tls showing(Path ownCertificate, Path ownKey) {
        return new Tls(authorities, Optional.of(ownCertificate), Optional.of(ownKey), verified);
    }

    /** The same, with any broker: it is encrypted, and nobody knows with whom. */
    public Tls unverified() {
        return new Tls(authorities, certificate, key, false);
    }
}
