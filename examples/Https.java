/**
 * Asks a web server by TLS: {@code Https HOST [PORT [CERTIFICATES.pem]]}, within five seconds.
 *
 * <p>The JDK's TLS over a socket of the loop's. Trusted are the JDK's authorities, or those of the
 * file.
 */
import module dev.volokno;

import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

void main(String[] args) throws Exception {
    if (args.length == 0) {
        IO.println("usage: Https HOST [PORT [CERTIFICATES.pem]]");
        System.exit(2);
    }
    int port = args.length > 1 ? Integer.parseInt(args[1]) : 443;
    var context = args.length > 2 ? trusting(Path.of(args[2])) : SSLContext.getDefault();
    try {
        Loop.run(() -> Deadline.within(Duration.ofSeconds(5), () -> ask(context, args[0], port)));
    } catch (IOException e) {
        System.err.println("Https: " + e.getMessage());
        System.exit(1);
    }
}

SSLContext trusting(Path file) throws Exception {
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (var input = Files.newInputStream(file)) {
        for (var one : CertificateFactory.getInstance("X.509").generateCertificates(input)) {
            store.setCertificateEntry(Integer.toString(store.size()), one);
        }
    }
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
}

void ask(SSLContext context, String host, int port) throws IOException {
    var plain = new TcpSocketFactory().createSocket(host, port);
    try (var tls = (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true)) {
        var parameters = tls.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS"); // or any certificate would do
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        var session = tls.getSession();
        var peer = (X509Certificate) session.getPeerCertificates()[0];
        IO.println(session.getProtocol() + " with " + peer.getSubjectX500Principal());
        var request = "GET / HTTP/1.0\r\nHost: " + host + "\r\n\r\n";
        tls.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        IO.println(new BufferedReader(new InputStreamReader(tls.getInputStream())).readLine());
    }
}
