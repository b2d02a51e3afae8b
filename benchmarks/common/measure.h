/*
 * What the load generators measure with: a histogram of round trips, and the CPU time of the server
 * and of the cores. For one source file each, after its own #define _GNU_SOURCE.
 */
#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const int64_t NANOS_PER_SECOND = 1000000000;
static const int64_t SETTLE_NANOS = 5000000;    /* for the server to fall asleep */

/* ---- Histogram: 128 linear steps for each power of two, so within 0.8 %; fixed memory. ---- */

enum { STEP_BITS = 7, STEPS = 1 << STEP_BITS, HIGHEST_BIT = 40 };
enum { ROWS = HIGHEST_BIT - STEP_BITS + 2 };

static uint64_t histogram[ROWS * STEPS];
static uint64_t recorded;
static int64_t largest;

static unsigned bucket_of(int64_t value) {
    if (value < STEPS) return value < 0 ? 0 : (unsigned) value;
    unsigned shift = 63u - (unsigned) __builtin_clzll((uint64_t) value) - STEP_BITS;
    unsigned bucket = (shift << STEP_BITS) + (unsigned) (value >> shift);
    return bucket < ROWS * STEPS ? bucket : ROWS * STEPS - 1;
}

static double bucket_middle(unsigned bucket) {
    if (bucket < 2 * STEPS) return bucket;
    unsigned shift = (bucket >> STEP_BITS) - 1;
    double low = (double) ((uint64_t) (bucket - (shift << STEP_BITS)) << shift);
    return low + (double) (1ull << shift) / 2;
}

static void record(int64_t value) {
    histogram[bucket_of(value)]++;
    recorded++;
    if (value > largest) largest = value;
}

static void forget_recorded(void) {
    memset(histogram, 0, sizeof histogram);
    recorded = 0;
    largest = 0;
}

static double percentile_us(double percent) {
    uint64_t rank = (uint64_t) ((double) recorded * percent / 100);
    uint64_t passed = 0;
    for (unsigned bucket = 0; bucket < ROWS * STEPS; bucket++) {
        passed += histogram[bucket];
        if (passed <= rank) continue;
        double middle = bucket_middle(bucket);
        return (middle < (double) largest ? middle : (double) largest) / 1000;
    }
    return (double) largest / 1000;
}

/* ---- Clocks and the CPU time of the server and of this process. ---- */

struct cpu_sample {
    int64_t wall;
    int64_t server_cpu;
    uint64_t server_user_ticks;
    uint64_t server_system_ticks;
    int64_t own_cpu;
    uint64_t own_waited;   /* nanoseconds this thread was ready to run and was not running */
    uint64_t busy_ticks;   /* of the cores in use, for any process */
    uint64_t stolen_ticks; /* of the same cores, by the hypervisor */
};

static void die(const char *what) {
    fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, what,
            strerror(errno));
    exit(EXIT_FAILURE);
}

static void *checked(void *allocated) {
    if (allocated == NULL) die("malloc");
    return allocated;
}

static int64_t read_clock(clockid_t clock) {
    struct timespec time;
    if (clock_gettime(clock, &time) < 0) die("clock_gettime");
    return time.tv_sec * NANOS_PER_SECOND + time.tv_nsec;
}

static int64_t now(void) {
    return read_clock(CLOCK_MONOTONIC);
}

/*
 * The CPU clock of a process counts nanoseconds, all threads, also those that have ended.
 * (The schedstat files of the tasks hold the same numbers, but lose threads that end.)
 */
static int64_t process_cpu(pid_t pid) {
    clockid_t clock;
    errno = clock_getcpuclockid(pid, &clock);
    if (errno != 0) die("CPU clock of the process to watch");
    return read_clock(clock);
}

/*
 * The user and system time in /proc/PID/stat are that same run time, split as the scheduler tick
 * has sampled it, in 10 ms units. Only their proportion is used here.
 */
static void read_split(pid_t pid, struct cpu_sample *sample) {
    char path[64], line[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", (int) pid);
    FILE *file = fopen(path, "re");
    if (file == NULL || fgets(line, sizeof line, file) == NULL) die(path);
    fclose(file);
    /* The name in parentheses may itself hold spaces and parentheses: count from the last one. */
    const char *after_name = strrchr(line, ')');
    if (after_name == NULL
        || sscanf(after_name, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
                  &sample->server_user_ticks, &sample->server_system_ticks) != 2) die(path);
}

static uint64_t own_waited(void) {
    uint64_t ran = 0, waited = 0;
    FILE *file = fopen("/proc/self/schedstat", "re");
    if (file == NULL) return 0; /* a kernel without it: the figure is only a hint */
    if (fscanf(file, "%lu %lu", &ran, &waited) != 2) waited = 0;
    fclose(file);
    return waited;
}

static void add_core(const char *line, const cpu_set_t *cores, struct cpu_sample *sample) {
    unsigned core;
    uint64_t user, nice, system, irq, softirq, stolen;
    if (sscanf(line, "cpu%u %lu %lu %lu %*u %*u %lu %lu %lu", &core, &user, &nice, &system, &irq,
               &softirq, &stolen) != 7 || !CPU_ISSET(core, cores)) return;
    sample->busy_ticks += user + nice + system + irq + softirq;
    sample->stolen_ticks += stolen;
}

/* Reads what the cores that the server and this process may run on have done for anyone. */
static void read_cores(pid_t pid, struct cpu_sample *sample) {
    cpu_set_t own, servers;
    if (sched_getaffinity(0, sizeof own, &own) < 0) die("sched_getaffinity");
    if (sched_getaffinity(pid, sizeof servers, &servers) < 0) die("sched_getaffinity");
    CPU_OR(&own, &own, &servers);
    FILE *file = fopen("/proc/stat", "re");
    if (file == NULL) die("/proc/stat");
    char line[1024];
    while (fgets(line, sizeof line, file) != NULL && strncmp(line, "cpu", 3) == 0) {
        add_core(line, &own, sample);
    }
    fclose(file);
}

static struct cpu_sample sample_cpu(pid_t pid) {
    struct cpu_sample sample = {0};
    if (pid != 0) {
        sample.server_cpu = process_cpu(pid);
        read_split(pid, &sample);
    }
    sample.own_cpu = read_clock(CLOCK_PROCESS_CPUTIME_ID);
    sample.own_waited = own_waited();
    read_cores(pid, &sample);
    sample.wall = now();
    return sample;
}

static void settle(void) {
    struct timespec time = {.tv_nsec = SETTLE_NANOS};
    nanosleep(&time, NULL);
}

/* ---- Report. ---- */

static double percent_of(double seconds, int64_t nanos) {
    return 100 * (double) nanos / (seconds * (double) NANOS_PER_SECOND);
}

/* Tells how far the measurement was disturbed, and whether the generator was the bottleneck. */
static void print_disturbance(const struct cpu_sample *from, const struct cpu_sample *to,
                              double seconds) {
    int64_t nanos_per_tick = NANOS_PER_SECOND / sysconf(_SC_CLK_TCK);
    int64_t own = to->own_cpu - from->own_cpu;
    int64_t foreign = (int64_t) (to->busy_ticks - from->busy_ticks) * nanos_per_tick
            - own - (to->server_cpu - from->server_cpu);
    int64_t stolen = (int64_t) (to->stolen_ticks - from->stolen_ticks) * nanos_per_tick;
    printf(" load_busy_pct=%.1f load_waited_pct=%.1f foreign_pct=%.1f stolen_pct=%.1f",
           percent_of(seconds, own),
           percent_of(seconds, (int64_t) (to->own_waited - from->own_waited)),
           percent_of(seconds, foreign), percent_of(seconds, stolen));
}

static void print_server_cpu(const struct cpu_sample *from, const struct cpu_sample *to,
                             double seconds) {
    double user = (double) (to->server_user_ticks - from->server_user_ticks);
    double system = (double) (to->server_system_ticks - from->server_system_ticks);
    double user_share = user + system > 0 ? user / (user + system) : 0;
    int64_t spent = to->server_cpu - from->server_cpu;
    double total = recorded > 0 ? (double) spent / (double) recorded : 0;
    printf(" server_busy_pct=%.1f cpu_user_ns_per_msg=%.1f cpu_sys_ns_per_msg=%.1f"
           " cpu_total_ns_per_msg=%.1f",
           percent_of(seconds, spent), total * user_share, total * (1 - user_share), total);
}
