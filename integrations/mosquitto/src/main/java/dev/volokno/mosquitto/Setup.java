package dev.volokno.mosquitto;

import dev.volokno.foreign.CString;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;

/** A new handle of the library's, set up as the options say. */
final class Setup {
    private static final int MQTT_5 = 5;

    private final MosquittoOptions options;
    private final MemorySegment handle;
    private final Arena arena;

    private Setup(MosquittoOptions options, MemorySegment handle, Arena arena) {
        this.options = options;
        this.handle = handle;
        this.arena = arena;
    }

    static MemorySegment handle(MosquittoOptions options) throws IOException {
        boolean clean = options.session().isZero();
        if (!clean && options.clientId().isEmpty()) {
            throw new IllegalArgumentException("a session that is kept needs a client's id");
        }
        try (var arena = Arena.ofConfined()) {
            var id = CString.of(arena, options.clientId());
            MemorySegment handle = Libmosquitto.create(id, clean);
            if (handle.address() == 0) {
                throw new IllegalArgumentException(
                        "libmosquitto refuses the client's id " + options.clientId());
            }
            try {
                new Setup(options, handle, arena).all();
            } catch (IOException | RuntimeException e) {
                Libmosquitto.destroy(handle);
                throw e;
            }
            return handle;
        }
    }

    private void all() throws IOException {
        check("threaded", Libmosquitto.sendsByWriteAlone(handle));
        option(Libmosquitto.MOSQ_OPT_TCP_NODELAY, 1);
        option(Libmosquitto.MOSQ_OPT_SEND_MAXIMUM, options.inFlight());
        option(Libmosquitto.MOSQ_OPT_RECEIVE_MAXIMUM, options.inFlight());
        if (options.isVersion5()) {
            option(Libmosquitto.MOSQ_OPT_PROTOCOL_VERSION, MQTT_5);
            try (var properties = Properties5.ofSession(options.session())) {
                Libmosquitto.connectProperties(handle, properties.first());
            }
        }
        if (options.user().isPresent()) {
            check(
                    "credentials",
                    Libmosquitto.credentials(
                            handle,
                            CString.of(arena, options.user()),
                            CString.of(arena, options.password())));
        }
        if (options.will().isPresent()) {
            will(options.will().get());
        }
        if (options.tls().isPresent()) {
            tls(options.tls().get());
        }
    }

    private void will(Message will) throws IOException {
        try (var properties = Properties5.of(will.properties())) {
            var outgoing = new Outgoing(arena).hold(will);
            int result = Libmosquitto.will(handle, outgoing, properties.first());
            check("will", result);
            MemorySegment _ = properties.handOver();
        }
    }

    private void tls(Tls tls) throws IOException {
        if (tls.authorities().isEmpty()) {
            option(Libmosquitto.MOSQ_OPT_TLS_USE_OS_CERTS, 1);
        }
        boolean own = tls.authorities().isPresent() || tls.certificate().isPresent();
        if (own) {
            int result =
                    Libmosquitto.tls(
                            handle,
                            path(tls.authorities()),
                            path(tls.certificate()),
                            path(tls.key()));
            check("TLS with " + tls, result);
        }
        check("TLS with " + tls, Libmosquitto.tlsVerifies(handle, tls.verified()));
    }

    private MemorySegment path(Optional<Path> file) {
        return CString.of(arena, file.map(Path::toString));
    }

    private void option(int option, int value) throws IOException {
        check("option " + option + " of " + value, Libmosquitto.option(handle, option, value));
    }

    private static void check(String what, int result) throws IOException {
        if (result != 0) {
            throw MqttException.failed(what, result);
        }
    }
}
