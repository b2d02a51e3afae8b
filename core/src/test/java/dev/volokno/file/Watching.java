package dev.volokno.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What tests of watchers say often. */
final class Watching {
    /** Longer than any event takes. */
    static final Duration LONG = Duration.ofSeconds(10);

    /** Names alone. */
    static final WatchOptions NAMES = WatchOptions.directory().interestedIn();

    static final WatchOptions TREE_NAMES = WatchOptions.wholeTree().interestedIn();

    private Watching() {}

    /** The next events are these. */
    static void expect(DirectoryWatcher watcher, FileEvent... expected) throws IOException {
        for (FileEvent event : expected) {
            assertThat(watcher.take(LONG)).isEqualTo(event);
        }
    }

    /** The next events are these, in any order. */
    static void expectAnyOrder(DirectoryWatcher watcher, FileEvent... expected) throws IOException {
        var events = new ArrayList<FileEvent>();
        for (int i = 0; i < expected.length; i++) {
            events.add(watcher.take(LONG));
        }
        assertThat(Set.copyOf(events)).isEqualTo(Set.copyOf(List.of(expected)));
    }
}
