/*
 * Load generator for echo servers: ping-pong with one message in flight a connection, one thread.
 *
 * Usage: echo_load HOST PORT CONNECTIONS BYTES SECONDS [WARMUP_SECONDS] [--pid PID]
 *
 * Prints one line of key=value. With --pid it also tells what CPU time that process spent in the
 * measured window. The window begins and ends quiescent: all replies are in and the server sleeps.
 * So the messages counted are exactly those that the CPU time was spent on, and the kernel's
 * account of the server's run time is up to date (of a thread that is running now, it is up to one
 * scheduler tick late).
 *
 * The exit status is 0 only if each message came back unchanged.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../common/measure.h"

enum { EVENTS_PER_WAIT = 512, RECEIVE_SIZE = 64 * 1024, MESSAGE_SIZE_MAX = 16 * 1024 * 1024 };

static const int64_t DRAIN_NANOS = 5000000000;  /* what has not come back by then is lost */

struct options {
    const char *host;
    uint16_t port;
    size_t connections;
    size_t bytes;
    double seconds;
    double warmup_seconds;
    pid_t pid; /* 0: no process to watch */
};

struct connection {
    int fd; /* -1: failed and closed */
    bool in_flight;
    int64_t sent_at;
    size_t sent;     /* bytes of the message handed to the socket so far */
    size_t received; /* bytes of the echo checked so far */
    uint64_t sequence;
    unsigned char *message;
};

/* ---- Connections. ---- */

static struct connection *connections;
static size_t connection_count;
static size_t message_size;
static size_t in_flight;
static uint64_t errors;
static bool sending; /* whether a reply is answered with the next message */
static int epoll_fd;

static void fail(struct connection *connection, const char *why) {
    if (errors++ == 0) fprintf(stderr, "echo_load: first error: %s\n", why);
    close(connection->fd);
    connection->fd = -1;
    if (connection->in_flight) in_flight--;
    connection->in_flight = false;
}

static void send_rest(struct connection *connection) {
    ssize_t sent = send(connection->fd, connection->message + connection->sent,
                        message_size - connection->sent, MSG_NOSIGNAL);
    if (sent >= 0) {
        connection->sent += (size_t) sent; /* if short, the next EPOLLOUT continues */
    } else if (errno != EAGAIN) {
        fail(connection, strerror(errno));
    }
}

/* Numbers the message at both ends, so that an old echo is never taken for the new one. */
static void stamp(struct connection *connection) {
    uint64_t sequence = ++connection->sequence;
    size_t width = message_size < sizeof sequence ? message_size : sizeof sequence;
    memcpy(connection->message, &sequence, width);
    memcpy(connection->message + message_size - width, &sequence, width);
}

static void start_message(struct connection *connection, int64_t at) {
    stamp(connection);
    connection->sent = 0;
    connection->received = 0;
    connection->sent_at = at;
    connection->in_flight = true;
    in_flight++;
    send_rest(connection);
}

static void finish_message(struct connection *connection) {
    int64_t at = now();
    record(at - connection->sent_at);
    connection->in_flight = false;
    in_flight--;
    if (sending) start_message(connection, at);
}

static void accept_bytes(struct connection *connection, const unsigned char *bytes, size_t count) {
    if (!connection->in_flight || connection->received + count > connection->sent) {
        fail(connection, "more bytes came back than were sent");
    } else if (memcmp(connection->message + connection->received, bytes, count) != 0) {
        fail(connection, "other bytes came back than were sent");
    } else {
        connection->received += count;
        if (connection->received == message_size) finish_message(connection);
    }
}

/* Returns whether there may be more to receive now. */
static bool receive(struct connection *connection) {
    static unsigned char buffer[RECEIVE_SIZE];
    ssize_t count = recv(connection->fd, buffer, sizeof buffer, 0);
    if (count > 0) {
        accept_bytes(connection, buffer, (size_t) count);
        return connection->fd >= 0 && count == (ssize_t) sizeof buffer;
    }
    if (count == 0) {
        fail(connection, "the server closed the connection");
    } else if (errno != EAGAIN) {
        fail(connection, strerror(errno));
    }
    return false;
}

/*
 * Edge-triggered: a receive that did not fill the buffer has emptied the socket, so one call a
 * message suffices, and the generator costs as little as it can.
 */
static void handle(const struct epoll_event *event) {
    struct connection *connection = event->data.ptr;
    bool more = (event->events & EPOLLIN) != 0;
    while (more) {
        more = receive(connection);
    }
    if (connection->fd < 0) return;
    if (event->events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) {
        fail(connection, "the server closed the connection");
    } else if (connection->in_flight && connection->sent < message_size) {
        send_rest(connection);
    }
}

static void fill_message(struct connection *connection, uint64_t seed) {
    connection->message = checked(malloc(message_size));
    for (size_t i = 0; i < message_size; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        connection->message[i] = (unsigned char) (seed >> 56);
    }
}

static void open_connection(struct connection *connection, const struct sockaddr_in *server) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) die("socket");
    if (connect(fd, (const struct sockaddr *) server, sizeof *server) < 0) die("connect");
    int on = 1;
    if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) < 0) die("TCP_NODELAY");
    if (fcntl(fd, F_SETFL, O_NONBLOCK) < 0) die("O_NONBLOCK");
    connection->fd = fd;
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
                                .data.ptr = connection};
    if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0) die("epoll_ctl");
}

static void open_connections(const struct options *options) {
    struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(options->port)};
    if (inet_pton(AF_INET, options->host, &server.sin_addr) != 1) {
        fprintf(stderr, "echo_load: not an IPv4 address: %s\n", options->host);
        exit(2);
    }
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (epoll_fd < 0) die("epoll_create1");
    message_size = options->bytes;
    connection_count = options->connections;
    connections = checked(calloc(connection_count, sizeof *connections));
    for (size_t i = 0; i < connection_count; i++) {
        fill_message(&connections[i], i + 1);
        open_connection(&connections[i], &server);
    }
}

/* ---- Phases. ---- */

static void handle_events(int64_t until) {
    struct epoll_event events[EVENTS_PER_WAIT];
    int64_t millis = (until - now()) / 1000000 + 1;
    int ready = epoll_wait(epoll_fd, events, EVENTS_PER_WAIT, millis > 0 ? (int) millis : 0);
    if (ready < 0 && errno != EINTR) die("epoll_wait");
    for (int i = 0; i < ready; i++) {
        handle(&events[i]);
    }
}

static void start_all(void) {
    for (size_t i = 0; i < connection_count; i++) {
        if (connections[i].fd >= 0) start_message(&connections[i], now());
    }
}

static void give_up_in_flight(void) {
    for (size_t i = 0; i < connection_count; i++) {
        if (connections[i].in_flight) fail(&connections[i], "a message never came back");
    }
}

/* Keeps all connections busy for so long, then waits until nothing is in flight any more. */
static void ping_pong(double seconds) {
    int64_t end = now() + (int64_t) (seconds * (double) NANOS_PER_SECOND);
    sending = true;
    start_all();
    while (in_flight > 0 && now() < end) {
        handle_events(end);
    }
    sending = false;
    int64_t drained_by = now() + DRAIN_NANOS;
    while (in_flight > 0 && now() < drained_by) {
        handle_events(drained_by);
    }
    give_up_in_flight();
}

/* ---- Command line and report. ---- */

static void print_load(const struct options *options, double seconds) {
    printf("connections=%zu bytes=%zu messages=%lu seconds=%.6f msgs_per_s=%.1f",
           options->connections, options->bytes, recorded, seconds, (double) recorded / seconds);
    printf(" p50_us=%.2f p99_us=%.2f p999_us=%.2f max_us=%.2f errors=%lu", percentile_us(50),
           percentile_us(99), percentile_us(99.9), (double) largest / 1000, errors);
}

static void run(const struct options *options) {
    open_connections(options);
    if (options->warmup_seconds > 0) ping_pong(options->warmup_seconds);
    settle();
    forget_recorded();
    struct cpu_sample from = sample_cpu(options->pid);
    ping_pong(options->seconds);
    double seconds = (double) (now() - from.wall) / (double) NANOS_PER_SECOND;
    settle();
    struct cpu_sample to = sample_cpu(options->pid);
    print_load(options, seconds);
    print_disturbance(&from, &to, seconds);
    if (options->pid != 0) print_server_cpu(&from, &to, seconds);
    printf("\n");
}

static void usage(void) {
    fprintf(stderr, "usage: echo_load HOST PORT CONNECTIONS BYTES SECONDS [WARMUP_SECONDS]"
                    " [--pid PID]\n");
    exit(2);
}

static double parse_number(const char *text, double least, double most) {
    char *end;
    double number = strtod(text, &end);
    if (*text == '\0' || *end != '\0' || !(number >= least && number <= most)) {
        fprintf(stderr, "echo_load: not a number from %g to %g: %s\n", least, most, text);
        exit(2);
    }
    return number;
}

static struct options parse_options(int argc, char **argv) {
    static const struct option names[] = {{"pid", required_argument, NULL, 'p'}, {0}};
    struct options options = {0};
    int option;
    while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
        if (option != 'p') usage();
        options.pid = (pid_t) parse_number(optarg, 1, INT32_MAX);
    }
    char **arguments = argv + optind;
    if (argc - optind < 5 || argc - optind > 6) usage();
    options.host = arguments[0];
    options.port = (uint16_t) parse_number(arguments[1], 1, UINT16_MAX);
    options.connections = (size_t) parse_number(arguments[2], 1, 1000000);
    options.bytes = (size_t) parse_number(arguments[3], 1, MESSAGE_SIZE_MAX);
    options.seconds = parse_number(arguments[4], 0.001, 86400);
    if (argc - optind == 6) options.warmup_seconds = parse_number(arguments[5], 0, 86400);
    return options;
}

static void allow_many_connections(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0) die("getrlimit");
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0) die("setrlimit");
}

int main(int argc, char **argv) {
    struct options options = parse_options(argc, argv);
    allow_many_connections();
    run(&options);
    return errors == 0 && recorded > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
