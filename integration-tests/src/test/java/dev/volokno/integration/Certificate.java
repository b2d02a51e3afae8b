package dev.volokno.integration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A key and a certificate of the test's own for {@code localhost}, signed by itself.
 *
 * @param context has the key, and trusts this certificate alone
 * @param file the certificate, as other programs want it (PEM)
 */
record Certificate(SSLContext context, Path file) {
    private static final String PASSWORD = "changeit";

    static Certificate make(Path directory) throws Exception {
        Path store = directory.resolve("key.p12");
        Path file = directory.resolve("certificate.pem");
        String options = " -alias test -storetype PKCS12 -storepass " + PASSWORD + " -keystore ";
        keytool(
                "-genkeypair -keyalg EC -groupname secp256r1 -validity 2 -dname CN=localhost"
                        + " -ext san=dns:localhost,ip:127.0.0.1"
                        + options
                        + store);
        keytool("-exportcert -rfc -file " + file + options + store);
        return new Certificate(context(store), file);
    }

    private static void keytool(String words) throws IOException, InterruptedException {
        String program = Path.of(System.getProperty("java.home"), "bin/keytool").toString();
        Process process =
                new ProcessBuilder((program + " " + words).split(" "))
                        .redirectErrorStream(true)
                        .start();
        String said = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new AssertionError(List.of(words) + ": " + said);
        }
    }

    private static SSLContext context(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (var input = Files.newInputStream(file)) {
            store.load(input, PASSWORD.toCharArray());
        }
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("test", store.getCertificate("test"));
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
