/** MQTT by libmosquitto, in fibers. */
@NullMarked
package dev.volokno.mosquitto;

import org.jspecify.annotations.NullMarked;
