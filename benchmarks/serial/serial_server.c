/*
 * The bare C epoll loop over serial ports: the mark that the others are measured against. One
 * thread, level-triggered epoll; one event costs one read and one write.
 *
 * Usage: serial_server PORT...     (answers each 8 bytes by themselves; prints "ready")
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <termios.h>
#include <unistd.h>

enum { EVENTS_PER_WAIT = 512, BUFFER_SIZE = 4096 };

static void die(const char *what) {
    perror(what);
    exit(EXIT_FAILURE);
}

static int open_port(const char *path) {
    int fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    struct termios line;
    if (fd < 0 || tcgetattr(fd, &line) < 0) die(path);
    cfmakeraw(&line);
    if (tcsetattr(fd, TCSANOW, &line) < 0) die(path);
    return fd;
}

static void answer(int fd) {
    static char buffer[BUFFER_SIZE];
    ssize_t count = read(fd, buffer, sizeof buffer);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) exit(EXIT_SUCCESS); /* the load has ended */
    /* Eight bytes fit: the other end has asked for no more. */
    if (write(fd, buffer, (size_t) count) != count) die("write");
}

int main(int argc, char **argv) {
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    if (epoll < 0) die("epoll_create1");
    for (int i = 1; i < argc; i++) {
        int fd = open_port(argv[i]);
        struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0) die("epoll_ctl");
    }
    puts("ready");
    fflush(stdout);
    struct epoll_event events[EVENTS_PER_WAIT];
    for (;;) {
        int ready = epoll_wait(epoll, events, EVENTS_PER_WAIT, -1);
        if (ready < 0 && errno != EINTR) die("epoll_wait");
        for (int i = 0; i < ready; i++) {
            answer(events[i].data.fd);
        }
    }
}
