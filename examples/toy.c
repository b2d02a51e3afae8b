/* A C library with a descriptor of its own, as many are: what is said to it comes back, later. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct toy {
    int ends[2];
    void (*on_word)(const char *word, void *user);
    void *user;
};

const char *toy_version(void) {
    return "1.0";
}

struct toy *toy_open(void (*on_word)(const char *word, void *user), void *user) {
    struct toy *toy = calloc(1, sizeof *toy);
    toy->on_word = on_word;
    toy->user = user;
    return pipe2(toy->ends, O_CLOEXEC | O_NONBLOCK) == 0 ? toy : NULL;
}

int toy_say(struct toy *toy, const char *word) {
    return write(toy->ends[1], word, strlen(word) + 1) > 0 ? 0 : -1;
}

int toy_socket(struct toy *toy) {
    return toy->ends[0];
}

int toy_read(struct toy *toy) {
    char words[256];
    long length = read(toy->ends[0], words, sizeof words);
    for (long i = 0; i < length; i += strlen(words + i) + 1)
        toy->on_word(words + i, toy->user);
    return length < 0 ? -1 : 0;
}

void toy_close(struct toy *toy) {
    close(toy->ends[0]);
    close(toy->ends[1]);
    free(toy);
}
