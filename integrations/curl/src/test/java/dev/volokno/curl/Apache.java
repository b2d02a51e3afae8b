package dev.volokno.curl;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A real web server in a temporary directory: files that can be put and got, an echo, redirects; by
 * TLS too, with a certificate for {@code localhost} from an authority of its own.
 */
final class Apache implements AutoCloseable {
    private static final Path MODULES = Path.of("/usr/lib/apache2/modules");

    private final Path root;
    private final int port;
    private final int tlsPort;
    private final Process process;

    private Apache(Path root, int port, int tlsPort) throws Exception {
        this.root = root;
        this.port = port;
        this.tlsPort = tlsPort;
        Path configuration = Files.writeString(root.resolve("httpd.conf"), configuration());
        process = run("apache2", "-d", "" + root, "-f", "" + configuration, "-DFOREGROUND");
        awaitStart();
    }

    static Apache start() throws Exception {
        var open =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x"));
        Path root = Files.createTempDirectory("volokno-httpd", open);
        // What the attribute asks for is what the umask leaves of it.
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (String folder : List.of("files", "var")) {
            Path path = Files.createDirectory(root.resolve(folder));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
        }
        Files.writeString(root.resolve("files/hello.txt"), "hello\n");
        makeCertificates(root);
        return new Apache(root, freePort(), freePort());
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void makeCertificates(Path root) throws Exception {
        String key = "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
        Files.writeString(root.resolve("names"), "subjectAltName=DNS:localhost,IP:127.0.0.1\n");
        for (String command :
                List.of(
                        key + " -x509 -days 2 -subj /CN=authority -keyout ca.key -out ca.pem",
                        key + " -subj /CN=localhost -keyout server.key -out server.csr",
                        "openssl x509 -req -days 2 -in server.csr -CA ca.pem -CAkey ca.key"
                                + " -CAcreateserial -extfile names -out server.pem")) {
            Process openssl = start(root, command.split(" "));
            String said = new String(openssl.getInputStream().readAllBytes());
            if (openssl.waitFor() != 0) {
                throw new AssertionError(command + ": " + said);
            }
        }
    }

    private static Process start(Path folder, String... command) {
        try {
            return new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            return abort("needs apache2-bin and openssl: " + e.getMessage());
        }
    }

    private Process run(String... command) {
        return start(root, command);
    }

    private String configuration() {
        var lines = new ArrayList<String>();
        for (String module :
                List.of(
                        "mpm_event",
                        "authz_core",
                        "alias",
                        "dav",
                        "dav_fs",
                        "reflector",
                        "ssl",
                        "http2",
                        "socache_shmcb",
                        "reqtimeout")) {
            lines.add("LoadModule " + module + "_module " + MODULES + "/mod_" + module + ".so");
        }
        lines.add(
                """
                User www-data
                Group www-data
                ServerName localhost
                PidFile var/pid
                ErrorLog var/log
                DavLockDB var/dav
                DefaultRuntimeDir var
                Listen 127.0.0.1:%d
                Listen 127.0.0.1:%d https
                Protocols h2 http/1.1
                DocumentRoot "%s/files"
                MaxRequestWorkers 100
                ServerLimit 4
                ThreadsPerChild 25
                ListenBacklog 1000
                RequestReadTimeout header=0 body=0
                <Directory "%s/files">
                  Dav on
                </Directory>
                <Location /echo>
                  SetHandler reflector
                </Location>
                Redirect 302 /moved /hello.txt
                Redirect 302 /again /again
                <VirtualHost 127.0.0.1:%d>
                  SSLEngine on
                  SSLCertificateFile server.pem
                  SSLCertificateKeyFile server.key
                </VirtualHost>
                """
                        .formatted(port, tlsPort, root, root, tlsPort));
        return String.join("\n", lines);
    }

    private void awaitStart() throws IOException {
        while (true) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), tlsPort).close();
                return;
            } catch (IOException notYet) {
                if (!process.isAlive()) {
                    throw new AssertionError(
                            "apache2 has ended: "
                                    + new String(process.getInputStream().readAllBytes())
                                    + log());
                }
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    private String log() throws IOException {
        Path log = root.resolve("var/log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    int port() {
        return port;
    }

    String tlsUrl(String path) {
        return "https://localhost:" + tlsPort + path;
    }

    Path authority() {
        return root.resolve("ca.pem");
    }

    @Override
    public void close() throws IOException {
        // Not by force: it has children to end.
        process.destroy();
        process.onExit().join();
        new ProcessBuilder("rm", "-rf", root.toString()).start().onExit().join();
    }
}
