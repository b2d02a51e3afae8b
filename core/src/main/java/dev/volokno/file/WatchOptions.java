package dev.volokno.file;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a watcher tells. That names appear, move and disappear it always tells.
 *
 * @param tree whether the directories below are watched too
 * @param existing whether what is there already is told first, as created
 * @param interests what else is told
 */
public record WatchOptions(boolean tree, boolean existing, Set<Interest> interests) {
    /** What can happen to a file besides its names. */
    public enum Interest {
        /** {@link FileEvent.Modified} */
        CONTENT,
        /** {@link FileEvent.AttributesChanged} */
        ATTRIBUTES,
        /** {@link FileEvent.Written} */
        WRITTEN,
        /** {@link FileEvent.Opened} */
        OPENED,
        /** {@link FileEvent.Accessed} */
        ACCESSED
    }

    /** Keeps a copy of the interests. */
    public WatchOptions {
        interests = Set.copyOf(interests);
    }

    /** One directory: names, contents, attributes, and the end of writing. */
    public static WatchOptions directory() {
        return new WatchOptions(
                false, false, EnumSet.of(Interest.CONTENT, Interest.ATTRIBUTES, Interest.WRITTEN));
    }

    /** A directory and all below it, as it grows and shrinks. */
    public static WatchOptions wholeTree() {
        return new WatchOptions(true, false, directory().interests);
    }

    /** What is there already is told first. */
    public WatchOptions withExisting() {
        return new WatchOptions(tree, true, interests);
    }

    /** With these interests instead; none: names alone. */
    public WatchOptions interestedIn(Interest... chosen) {
        return new WatchOptions(tree, existing, Set.of(chosen));
    }
}
