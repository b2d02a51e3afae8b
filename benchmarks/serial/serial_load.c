/*
 * Load generator for servers of serial ports: the masters of pseudo-terminals, with one request of
 * eight bytes in flight on each. It lives as long as the benchmark, because its end hangs all ports
 * up; one thread.
 *
 * Usage: serial_load SERVERS PORTS
 * Prints for each server a line with the paths of its ports. Then reads commands:
 *   run SERVER PORTS SECONDS WARMUP PID    loads so many of its ports; prints key=value
 *   idle SECONDS PID                       prints what CPU time the process used meanwhile
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/types.h>
#include <termios.h>

#include "../common/measure.h"

enum { REQUEST_SIZE = 8, EVENTS_PER_WAIT = 512 };

static const int64_t DRAIN_NANOS = 5000000000; /* what has not come back by then is lost */

struct line {
    int fd;
    int64_t sent_at;
    uint64_t sequence;
    uint64_t answer;
    size_t received;
    bool in_flight;
};

static size_t in_flight;
static uint64_t errors;
static bool sending; /* whether an answer is followed by the next request */
static int epoll_fd;

static void open_line(struct line *line) {
    line->fd = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    struct termios settings;
    if (line->fd < 0 || unlockpt(line->fd) < 0 || tcgetattr(line->fd, &settings) < 0) die("pty");
    cfmakeraw(&settings);
    if (tcsetattr(line->fd, TCSANOW, &settings) < 0) die("tcsetattr");
    printf(" %s", ptsname(line->fd));
}

static void watch(int operation, struct line *lines, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &lines[i]};
        if (epoll_ctl(epoll_fd, operation, lines[i].fd, &event) < 0) die("epoll_ctl");
    }
}

static void ask(struct line *line, int64_t at) {
    line->sequence++;
    line->received = 0;
    line->sent_at = at;
    line->in_flight = true;
    in_flight++;
    if (write(line->fd, &line->sequence, REQUEST_SIZE) != REQUEST_SIZE) die("write");
}

static void receive(struct line *line) {
    ssize_t count = read(line->fd, (char *) &line->answer + line->received,
                         REQUEST_SIZE - line->received);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0 || !line->in_flight) {
        fprintf(stderr, "serial_load: a server has hung up, or says more than it was asked\n");
        exit(EXIT_FAILURE);
    }
    line->received += (size_t) count;
    if (line->received < REQUEST_SIZE) return;
    int64_t at = now();
    record(at - line->sent_at);
    if (line->answer != line->sequence) errors++;
    line->in_flight = false;
    in_flight--;
    if (sending) ask(line, at);
}

static void handle_events(int64_t until) {
    struct epoll_event events[EVENTS_PER_WAIT];
    int64_t millis = (until - now()) / 1000000 + 1;
    int ready = epoll_wait(epoll_fd, events, EVENTS_PER_WAIT, millis > 0 ? (int) millis : 0);
    if (ready < 0 && errno != EINTR) die("epoll_wait");
    for (int i = 0; i < ready; i++) {
        receive(events[i].data.ptr);
    }
}

/* Keeps the lines busy for so long, then waits until nothing is in flight any more. */
static void ping_pong(struct line *lines, size_t count, double seconds) {
    int64_t end = now() + (int64_t) (seconds * (double) NANOS_PER_SECOND);
    sending = true;
    for (size_t i = 0; i < count; i++) {
        ask(&lines[i], now());
    }
    while (now() < end) {
        handle_events(end);
    }
    sending = false;
    int64_t drained_by = now() + DRAIN_NANOS;
    while (in_flight > 0 && now() < drained_by) {
        handle_events(drained_by);
    }
    errors += in_flight;
}

static int threads_of(pid_t pid) {
    char path[64], line[256];
    int threads = 0;
    snprintf(path, sizeof path, "/proc/%d/status", (int) pid);
    FILE *file = fopen(path, "re");
    if (file == NULL) die(path);
    while (fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "Threads: %d", &threads) == 1) break;
    }
    fclose(file);
    return threads;
}

static void run(struct line *lines, size_t count, double seconds, double warmup, pid_t pid) {
    watch(EPOLL_CTL_ADD, lines, count);
    if (warmup > 0) ping_pong(lines, count, warmup);
    settle();
    forget_recorded();
    struct cpu_sample from = sample_cpu(pid);
    ping_pong(lines, count, seconds);
    double lasted = (double) (now() - from.wall) / (double) NANOS_PER_SECOND;
    settle();
    struct cpu_sample to = sample_cpu(pid);
    watch(EPOLL_CTL_DEL, lines, count);
    printf("ports=%zu messages=%lu seconds=%.6f msgs_per_s=%.1f p50_us=%.2f p99_us=%.2f"
           " max_us=%.2f threads=%d errors=%lu", count, recorded, lasted,
           (double) recorded / lasted, percentile_us(50), percentile_us(99),
           (double) largest / 1000, threads_of(pid), errors);
    print_disturbance(&from, &to, lasted);
    print_server_cpu(&from, &to, lasted);
    putchar('\n');
}

static void idle(double seconds, pid_t pid) {
    int64_t before = process_cpu(pid);
    struct timespec time = {.tv_sec = (time_t) seconds,
                            .tv_nsec = (long) ((seconds - (double) (time_t) seconds) * 1e9)};
    nanosleep(&time, NULL);
    printf("idle_us_per_s=%.1f threads=%d\n",
           (double) (process_cpu(pid) - before) / 1000 / seconds, threads_of(pid));
}

int main(int argc, char **argv) {
    size_t servers = argc == 3 ? strtoul(argv[1], NULL, 10) : 0;
    size_t ports = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
    if (servers == 0 || ports == 0) {
        fprintf(stderr, "usage: %s SERVERS PORTS\n", argv[0]);
        return 2;
    }
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (epoll_fd < 0) die("epoll_create1");
    struct line *lines = checked(calloc(servers * ports, sizeof *lines));
    for (size_t i = 0; i < servers * ports; i++) {
        open_line(&lines[i]);
        if (i % ports == ports - 1) putchar('\n');
    }
    fflush(stdout);
    char command[256];
    while (fgets(command, sizeof command, stdin) != NULL) {
        size_t server, count;
        double seconds, warmup;
        int pid;
        if (sscanf(command, "run %zu %zu %lf %lf %d", &server, &count, &seconds, &warmup, &pid) == 5
            && server < servers && count <= ports) {
            run(&lines[server * ports], count, seconds, warmup, pid);
        } else if (sscanf(command, "idle %lf %d", &seconds, &pid) == 2) {
            idle(seconds, pid);
        } else {
            fprintf(stderr, "serial_load: what is %s", command);
            return 2;
        }
        fflush(stdout);
    }
    return errors == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
