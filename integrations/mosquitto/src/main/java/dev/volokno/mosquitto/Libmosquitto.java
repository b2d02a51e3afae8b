package dev.volokno.mosquitto;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.volokno.foreign.CString;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * {@code <mosquitto.h>}: the handle's functions. Those of properties are in {@link Properties5}.
 */
final class Libmosquitto {
    static final int MOSQ_ERR_INVAL = 3;
    static final int MOSQ_ERR_NO_CONN = 4;
    static final int MOSQ_ERR_CONN_LOST = 7;
    static final int MOSQ_ERR_TLS = 8;
    static final int MOSQ_ERR_PAYLOAD_SIZE = 9;
    static final int MOSQ_ERR_ERRNO = 14;
    static final int MOSQ_ERR_MALFORMED_UTF8 = 18;
    static final int MOSQ_OPT_PROTOCOL_VERSION = 1;
    static final int MOSQ_OPT_RECEIVE_MAXIMUM = 4;
    static final int MOSQ_OPT_SEND_MAXIMUM = 5;
    static final int MOSQ_OPT_TCP_NODELAY = 11;
    static final int MOSQ_OPT_TLS_USE_OS_CERTS = 13;

    private static final MethodHandle LIB_VERSION =
            ofInt("mosquitto_lib_version", ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle LIB_INIT = ofInt("mosquitto_lib_init");
    private static final MethodHandle STRERROR = ofText("mosquitto_strerror");
    private static final MethodHandle CONNACK_STRING = ofText("mosquitto_connack_string");
    private static final MethodHandle REASON_STRING = ofText("mosquitto_reason_string");
    private static final MethodHandle NEW =
            function(
                    "mosquitto_new",
                    FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_BOOLEAN, ADDRESS));
    private static final MethodHandle DESTROY = ofNothing("mosquitto_destroy", ADDRESS);
    private static final MethodHandle INT_OPTION =
            ofInt("mosquitto_int_option", ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle THREADED =
            ofInt("mosquitto_threaded_set", ADDRESS, JAVA_BOOLEAN);
    private static final MethodHandle CREDENTIALS =
            ofInt("mosquitto_username_pw_set", ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle WILL =
            ofInt(
                    "mosquitto_will_set_v5",
                    ADDRESS,
                    ADDRESS,
                    JAVA_INT,
                    ADDRESS,
                    JAVA_INT,
                    JAVA_BOOLEAN,
                    ADDRESS);
    private static final MethodHandle TLS_SET =
            ofInt("mosquitto_tls_set", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle TLS_INSECURE =
            ofInt("mosquitto_tls_insecure_set", ADDRESS, JAVA_BOOLEAN);
    private static final MethodHandle TLS_OPTS =
            ofInt("mosquitto_tls_opts_set", ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle CONNECT_BIND_V5 =
            ofInt(
                    "mosquitto_connect_bind_v5",
                    ADDRESS,
                    ADDRESS,
                    JAVA_INT,
                    JAVA_INT,
                    ADDRESS,
                    ADDRESS);
    private static final MethodHandle CONNECT_ASYNC =
            ofInt("mosquitto_connect_async", ADDRESS, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle DISCONNECT = ofInt("mosquitto_disconnect", ADDRESS);
    private static final MethodHandle SOCKET = ofInt("mosquitto_socket", ADDRESS);
    private static final MethodHandle WANT_WRITE =
            function("mosquitto_want_write", FunctionDescriptor.of(JAVA_BOOLEAN, ADDRESS));
    private static final MethodHandle LOOP_READ = ofInt("mosquitto_loop_read", ADDRESS, JAVA_INT);
    private static final MethodHandle LOOP_WRITE = ofInt("mosquitto_loop_write", ADDRESS, JAVA_INT);
    private static final MethodHandle LOOP_MISC = ofInt("mosquitto_loop_misc", ADDRESS);
    private static final MethodHandle PUBLISH =
            ofInt(
                    "mosquitto_publish_v5",
                    ADDRESS,
                    ADDRESS,
                    ADDRESS,
                    JAVA_INT,
                    ADDRESS,
                    JAVA_INT,
                    JAVA_BOOLEAN,
                    ADDRESS);
    private static final MethodHandle SUBSCRIBE =
            ofInt("mosquitto_subscribe", ADDRESS, ADDRESS, ADDRESS, JAVA_INT);
    private static final MethodHandle UNSUBSCRIBE =
            ofInt("mosquitto_unsubscribe", ADDRESS, ADDRESS, ADDRESS);

    private Libmosquitto() {}

    static MethodHandle function(String name, FunctionDescriptor type) {
        return Installed.LIBRARY.function(name, type);
    }

    static MethodHandle ofInt(String name, MemoryLayout... arguments) {
        return function(name, FunctionDescriptor.of(JAVA_INT, arguments));
    }

    static MethodHandle ofNothing(String name, MemoryLayout... arguments) {
        return function(name, FunctionDescriptor.ofVoid(arguments));
    }

    private static MethodHandle ofText(String name) {
        return function(name, FunctionDescriptor.of(ADDRESS, JAVA_INT));
    }

    /** A method handle threw what no C function can throw. */
    static AssertionError unexpected(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof RuntimeException unfit) {
            // An argument that cannot be brought to C.
            throw unfit;
        }
        return new AssertionError("a downcall failed", thrown);
    }

    // ---- the library itself

    static String version() {
        try (var arena = Arena.ofConfined()) {
            var numbers = arena.allocate(JAVA_INT, 3);
            int _ = (int) LIB_VERSION.invokeExact(numbers, numbers.asSlice(4), numbers.asSlice(8));
            return numbers.getAtIndex(JAVA_INT, 0)
                    + "."
                    + numbers.getAtIndex(JAVA_INT, 1)
                    + "."
                    + numbers.getAtIndex(JAVA_INT, 2);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static void initialise() {
        try {
            int _ = (int) LIB_INIT.invokeExact();
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static String errorText(int code) {
        return text(STRERROR, code);
    }

    static String connackText(int code) {
        return text(CONNACK_STRING, code);
    }

    static String reasonText(int code) {
        return text(REASON_STRING, code);
    }

    private static String text(MethodHandle function, int code) {
        try {
            return CString.at((MemorySegment) function.invokeExact(code), "code " + code);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    // ---- a handle's settings

    static MemorySegment create(MemorySegment id, boolean cleanSession) {
        try {
            return (MemorySegment) NEW.invokeExact(id, cleanSession, MemorySegment.NULL);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static void destroy(MemorySegment handle) {
        try {
            DESTROY.invokeExact(handle);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int option(MemorySegment handle, int option, int value) {
        try {
            return (int) INT_OPTION.invokeExact(handle, option, value);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /**
     * What is to be sent is put into a queue, and is sent by {@link #write} alone. Otherwise the
     * library tries at once, inside of all other calls, and forgets a message of QoS 2 that has
     * come if it cannot tell the broker.
     */
    static int sendsByWriteAlone(MemorySegment handle) {
        try {
            return (int) THREADED.invokeExact(handle, true);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int credentials(MemorySegment handle, MemorySegment user, MemorySegment password) {
        try {
            return (int) CREDENTIALS.invokeExact(handle, user, password);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int will(MemorySegment handle, Outgoing will, MemorySegment properties) {
        try {
            return (int)
                    WILL.invokeExact(
                            handle,
                            will.topic(),
                            will.length(),
                            will.payload(),
                            will.qos(),
                            will.retained(),
                            properties);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int tls(
            MemorySegment handle, MemorySegment authorities, MemorySegment own, MemorySegment key) {
        MemorySegment nothing = MemorySegment.NULL;
        try {
            return (int) TLS_SET.invokeExact(handle, authorities, nothing, own, key, nothing);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Whether the certificate is checked (SSL_VERIFY_PEER), and that it is for the name. */
    static int tlsVerifies(MemorySegment handle, boolean verified) {
        MemorySegment nothing = MemorySegment.NULL;
        try {
            int result = (int) TLS_INSECURE.invokeExact(handle, !verified);
            return result != 0
                    ? result
                    : (int) TLS_OPTS.invokeExact(handle, verified ? 1 : 0, nothing, nothing);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Has {@code pointer} called back for events of one kind. */
    static void onEvent(MemorySegment handle, String function, MemorySegment pointer) {
        MethodHandle setter = ofNothing("mosquitto_" + function, ADDRESS, ADDRESS);
        try {
            setter.invokeExact(handle, pointer);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    // ---- a handle's life

    /**
     * Leaves the properties of CONNECT for every connection to come. There is no function for that
     * which does not connect too, and wait; without a host this one does neither.
     */
    static void connectProperties(MemorySegment handle, MemorySegment properties) {
        MemorySegment nothing = MemorySegment.NULL;
        try {
            int _ =
                    (int)
                            CONNECT_BIND_V5.invokeExact(
                                    handle, nothing, 1883, 60, nothing, properties);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int connect(MemorySegment handle, MemorySegment host, int port, int keepAlive) {
        try {
            return (int) CONNECT_ASYNC.invokeExact(handle, host, port, keepAlive);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int disconnect(MemorySegment handle) {
        return call(DISCONNECT, handle);
    }

    static int socket(MemorySegment handle) {
        return call(SOCKET, handle);
    }

    static boolean wantsToWrite(MemorySegment handle) {
        try {
            return (boolean) WANT_WRITE.invokeExact(handle);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int read(MemorySegment handle) {
        try {
            return (int) LOOP_READ.invokeExact(handle, 1);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int write(MemorySegment handle) {
        try {
            return (int) LOOP_WRITE.invokeExact(handle, 1);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int misc(MemorySegment handle) {
        return call(LOOP_MISC, handle);
    }

    private static int call(MethodHandle function, MemorySegment handle) {
        try {
            return (int) function.invokeExact(handle);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    // ---- messages

    /** The message's number goes to {@code id}. */
    static int publish(
            MemorySegment handle, MemorySegment id, Outgoing message, MemorySegment properties) {
        try {
            return (int)
                    PUBLISH.invokeExact(
                            handle,
                            id,
                            message.topic(),
                            message.length(),
                            message.payload(),
                            message.qos(),
                            message.retained(),
                            properties);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int subscribe(MemorySegment handle, MemorySegment id, MemorySegment filter, int qos) {
        try {
            return (int) SUBSCRIBE.invokeExact(handle, id, filter, qos);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int unsubscribe(MemorySegment handle, MemorySegment id, MemorySegment filter) {
        try {
            return (int) UNSUBSCRIBE.invokeExact(handle, id, filter);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }
}
