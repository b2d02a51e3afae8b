// libmosquitto by itself: publishes to itself and receives, 64 messages under way, as MqttRun does.
// gcc -O2 -o mqtt_c mqtt_c.c -lmosquitto; taskset -c 0 ./mqtt_c PORT QOS COUNT
#include <mosquitto.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

enum { IN_FLIGHT = 64, BYTES = 100, SETTLING = 50 };

static long received;

static void on_message(struct mosquitto *client, void *user, const struct mosquitto_message *message) {
    (void)client, (void)user, (void)message;
    received++;
}

static double cpu_seconds(void) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static double wall_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + now.tv_nsec / 1e9;
}

static void round_of(struct mosquitto *client, int qos, long count) {
    static const char payload[BYTES];
    long sent = received = 0;
    while (received < count) {
        for (; sent < count && sent - received < IN_FLIGHT; sent++) {
            mosquitto_publish(client, NULL, "bench", BYTES, payload, qos, false);
        }
        if (mosquitto_loop(client, 100, 1) != MOSQ_ERR_SUCCESS) {
            exit(1);
        }
    }
}

int main(int count_of, char **arguments) {
    if (count_of != 4) {
        fputs("usage: mqtt_c PORT QOS COUNT\n", stderr);
        return 2;
    }
    int qos = atoi(arguments[2]);
    long count = atol(arguments[3]);
    mosquitto_lib_init();
    struct mosquitto *client = mosquitto_new(NULL, true, NULL);
    mosquitto_int_option(client, MOSQ_OPT_TCP_NODELAY, 1);
    mosquitto_max_inflight_messages_set(client, IN_FLIGHT);
    mosquitto_message_callback_set(client, on_message);
    if (mosquitto_connect(client, "127.0.0.1", atoi(arguments[1]), 60) != MOSQ_ERR_SUCCESS) {
        return 1;
    }
    mosquitto_subscribe(client, NULL, "bench", qos);
    for (int i = 0; i < SETTLING; i++) {
        mosquitto_loop(client, 10, 1);
    }
    round_of(client, qos, count);
    double cpu = cpu_seconds(), began = wall_seconds();
    round_of(client, qos, count);
    printf("%.0f %.2f 1\n", count / (wall_seconds() - began), (cpu_seconds() - cpu) / count * 1e6);
    return 0;
}
