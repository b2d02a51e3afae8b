package dev.volokno.mosquitto;

import java.io.IOException;

/** The broker refused something, or the connection to it failed. */
public final class MqttException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int code;

    private MqttException(String message, int code) {
        super(message);
        this.code = code;
    }

    /** What libmosquitto returned, a {@code MOSQ_ERR_} value. */
    static MqttException failed(String what, int code) {
        String text = Libmosquitto.errorText(code);
        // Of a connection that ends amid a packet it says that the system has failed, which has
        // not.
        boolean none = code == Libmosquitto.MOSQ_ERR_ERRNO && text.equals("Success");
        return none
                ? failed(what, Libmosquitto.MOSQ_ERR_CONN_LOST)
                : new MqttException(what + ": " + text, code);
    }

    /** What the broker answered, a reason code. */
    static MqttException refused(String what, int reason) {
        return new MqttException(what + " was refused: " + Libmosquitto.reasonText(reason), reason);
    }

    /** The broker's answer to CONNECT. */
    static MqttException notAccepted(String broker, int reason) {
        String text =
                reason < 0x80 ? Libmosquitto.connackText(reason) : Libmosquitto.reasonText(reason);
        return new MqttException(broker + " does not accept the connection: " + text, reason);
    }

    /**
     * A reason code of MQTT if the broker refused something (128 and more, or in MQTT 3.1.1 1 to 5
     * for a connection), else an error number of libmosquitto's ({@code MOSQ_ERR_}).
     */
    public int code() {
        return code;
    }
}
