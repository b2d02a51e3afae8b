/*
 * The bare C epoll echo server: the mark that the other servers of this benchmark are measured
 * against. One thread, level-triggered epoll, one shared 4 KiB buffer, no allocation per message.
 *
 * One event costs one recv and one send. The interest of a connection changes only when the peer
 * reads too slowly: what a short send leaves is kept aside, and nothing more is read from that
 * connection until it is gone, so a slow peer is held back by TCP and not by our memory.
 *
 * Usage: echo_server PORT     (0 = any free port; prints "listening PORT")
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUFFER_SIZE = 4096, EVENTS_PER_WAIT = 512, BACKLOG = 4096 };

struct connection {
    int fd;
    size_t unsent_start;
    size_t unsent_end;
    char *unsent; /* allocated at the first short send, NULL for nearly all connections */
};

static int epoll_fd;
static char buffer[BUFFER_SIZE];

static void die(const char *what) {
    perror(what);
    exit(EXIT_FAILURE);
}

static void *checked(void *allocated) {
    if (allocated == NULL) die("malloc");
    return allocated;
}

static void control(int operation, int fd, uint32_t events, struct connection *connection) {
    struct epoll_event event = {.events = events, .data.ptr = connection};
    if (epoll_ctl(epoll_fd, operation, fd, &event) < 0) die("epoll_ctl");
}

static void close_connection(struct connection *connection) {
    close(connection->fd); /* the only descriptor of its file, so epoll forgets it too */
    free(connection->unsent);
    free(connection);
}

static bool would_block(ssize_t result) {
    return result < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
}

/* Returns the bytes sent, 0 when the socket is full, -1 when the connection is broken. */
static ssize_t try_send(int fd, const char *data, size_t length) {
    ssize_t sent = send(fd, data, length, MSG_NOSIGNAL);
    return would_block(sent) ? 0 : sent;
}

static void keep_unsent(struct connection *connection, const char *data, size_t length) {
    if (connection->unsent == NULL) connection->unsent = checked(malloc(BUFFER_SIZE));
    memcpy(connection->unsent, data, length);
    connection->unsent_start = 0;
    connection->unsent_end = length;
    control(EPOLL_CTL_MOD, connection->fd, EPOLLOUT, connection);
}

static void echo_once(struct connection *connection) {
    ssize_t received = recv(connection->fd, buffer, sizeof buffer, 0);
    if (would_block(received)) return;
    if (received <= 0) {
        close_connection(connection);
        return;
    }
    ssize_t sent = try_send(connection->fd, buffer, (size_t) received);
    if (sent == received) return;
    if (sent < 0) {
        close_connection(connection);
    } else {
        keep_unsent(connection, buffer + sent, (size_t) (received - sent));
    }
}

static void send_unsent(struct connection *connection) {
    ssize_t sent = try_send(connection->fd, connection->unsent + connection->unsent_start,
                            connection->unsent_end - connection->unsent_start);
    if (sent < 0) {
        close_connection(connection);
        return;
    }
    connection->unsent_start += (size_t) sent;
    if (connection->unsent_start == connection->unsent_end) {
        connection->unsent_start = connection->unsent_end = 0;
        control(EPOLL_CTL_MOD, connection->fd, EPOLLIN, connection);
    }
}

static void serve(struct connection *connection) {
    /* Errors and hang-ups are reported by the call that the connection waits to make anyway. */
    if (connection->unsent_end > 0) {
        send_unsent(connection);
    } else {
        echo_once(connection);
    }
}

static void add_connection(int fd) {
    int on = 1;
    /* A peer that is gone already makes this fail; the first recv will tell. */
    (void) setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct connection *connection = checked(calloc(1, sizeof *connection));
    connection->fd = fd;
    control(EPOLL_CTL_ADD, fd, EPOLLIN, connection);
}

/* Level-triggered, so one accept an event is enough: epoll tells again while more are waiting. */
static void accept_connection(int listener) {
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
        add_connection(fd);
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        die("accept4"); /* would spin; a benchmark had better end than measure that */
    }
    /* All else is the lost connection's own error, which Linux passes on through accept. */
}

static int listen_on(uint16_t port) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listener < 0) die("socket");
    int on = 1;
    if (setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0) die("SO_REUSEADDR");
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener, (struct sockaddr *) &address, sizeof address) < 0) die("bind");
    if (listen(listener, BACKLOG) < 0) die("listen");
    return listener;
}

static void print_port(int listener) {
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    if (getsockname(listener, (struct sockaddr *) &address, &length) < 0) die("getsockname");
    printf("listening %u\n", ntohs(address.sin_port));
    fflush(stdout);
}

static void allow_many_connections(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0) die("getrlimit");
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0) die("setrlimit");
}

static void run(int listener) {
    struct epoll_event events[EVENTS_PER_WAIT];
    for (;;) {
        int ready = epoll_wait(epoll_fd, events, EVENTS_PER_WAIT, -1);
        if (ready < 0 && errno != EINTR) die("epoll_wait");
        for (int i = 0; i < ready; i++) {
            struct connection *connection = events[i].data.ptr;
            if (connection == NULL) {
                accept_connection(listener);
            } else {
                serve(connection);
            }
        }
    }
}

static uint16_t parse_port(const char *text) {
    char *end;
    long port = strtol(text, &end, 10);
    if (*text == '\0' || *end != '\0' || port < 0 || port > UINT16_MAX) {
        fprintf(stderr, "echo_server: not a port: %s\n", text);
        exit(2);
    }
    return (uint16_t) port;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: %s PORT\n", argv[0]);
        return 2;
    }
    allow_many_connections();
    int listener = listen_on(parse_port(argv[1]));
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (epoll_fd < 0) die("epoll_create1");
    control(EPOLL_CTL_ADD, listener, EPOLLIN, NULL);
    print_port(listener);
    run(listener);
}
