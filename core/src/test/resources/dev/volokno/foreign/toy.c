/* A library that owns a descriptor, and treats it as badly as any: what it reads tells it to. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { READ = 1, WRITE = 2 };

struct toy {
    int fd;   /* where it reads */
    int peer; /* the other end */
    int lost; /* fd is closed, and still named */
    void *user;
    void (*bytes)(void *user, const char *text, long length);
    /* Only for those that want to be told: what to wait for, and how long (-1: for nothing). */
    void (*watch)(void *user, int fd, int events);
    void (*timer)(void *user, long ms);
};

static void tell(struct toy *toy, int fd, int events) {
    if (toy->watch && fd >= 0)
        toy->watch(toy->user, fd, events);
}

static void open_pipe(struct toy *toy) {
    int ends[2] = {-1, -1};
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0) {
        toy->fd = ends[0];
        toy->peer = ends[1];
    }
}

static void close_both(struct toy *toy) {
    tell(toy, toy->fd, 0);
    if (toy->fd >= 0 && !toy->lost)
        close(toy->fd);
    if (toy->peer >= 0)
        close(toy->peer);
    toy->fd = toy->peer = -1;
}

struct toy *toy_open(void *bytes, void *watch, void *timer) {
    struct toy *toy = calloc(1, sizeof *toy);
    toy->bytes = bytes;
    toy->watch = watch;
    toy->timer = timer;
    open_pipe(toy);
    tell(toy, toy->fd, READ);
    return toy;
}

void toy_close(struct toy *toy) {
    close_both(toy);
    free(toy);
}

int toy_fd(struct toy *toy) {
    return toy->fd;
}

int toy_write(struct toy *toy, const char *text, long length) {
    return write(toy->peer, text, length) < 0 ? -errno : 0;
}

/* Another file under another number. */
void toy_reopen(struct toy *toy) {
    struct toy before = *toy;
    tell(toy, toy->fd, 0);
    open_pipe(toy);
    close(before.fd);
    close(before.peer);
    tell(toy, toy->fd, READ);
}

/* Another file under the same number. */
static void replace(struct toy *toy) {
    int number = toy->fd;
    tell(toy, number, 0);
    close(toy->peer);
    open_pipe(toy);
    dup3(toy->fd, number, O_CLOEXEC);
    close(toy->fd);
    toy->fd = number;
    tell(toy, number, READ);
}

int toy_read(struct toy *toy) {
    char text[64];
    long length = read(toy->fd, text, sizeof text);
    if (length < 0)
        return errno == EAGAIN ? 0 : -errno;
    for (long i = 0; i < length; i++) {
        switch (text[i]) {
            case 'S': replace(toy); break;
            case 'N': toy_reopen(toy); break;
            case 'X': close_both(toy); break;
            case 'L': close(toy->fd); toy->lost = 1; break;
            case 'T': if (toy->timer) toy->timer(toy->user, 2); break;
            case 'E': return -EIO;
            default: toy->bytes(toy->user, text + i, 1);
        }
    }
    return length;
}
