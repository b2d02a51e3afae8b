/**
 * MQTT by libmosquitto, in fibers. Start with {@link dev.volokno.mosquitto.Mosquitto#broker(String,
 * int) Mosquitto.broker}.
 */
module dev.volokno.mosquitto {
    requires transitive dev.volokno;
    requires static org.jspecify;

    exports dev.volokno.mosquitto;
}
