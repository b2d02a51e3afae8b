package dev.volokno.foreign;

import dev.volokno.backend.Kernel;
import dev.volokno.linux.Errno;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * Numbers that a library waits for and that cannot be waited for: closed ones as a rule. It is told
 * once; a library that waits for one again would keep its loop busy for ever.
 */
final class Unusable {
    private Set<Integer> before = Set.of();
    private Set<Integer> now = Set.of();

    /**
     * One was found; {@code result} is a negated errno, or not negative for one that is not open.
     *
     * @throws IOException if the round before found it too
     */
    void found(int number, int result, String name) throws IOException {
        if (before.contains(number)) {
            long errno = result < 0 ? result : -Errno.EBADF.number();
            throw Kernel.failure("poll", errno, "fd " + number + " of " + name);
        }
        if (now.isEmpty()) {
            now = new HashSet<>();
        }
        now.add(number);
    }

    void roundEnds() {
        before = now;
        now = Set.of();
    }
}
