package dev.volokno.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/** Makes, moves and removes files and directories at random, as one seed has it. */
final class RandomTree {
    private final Random random;
    private final Path root;
    private final Path outside;
    private final int most;
    private final List<Path> directories = new ArrayList<>();
    private final List<Path> files = new ArrayList<>();
    private int names;

    /** A tree of up to {@code most} files and a tenth as many directories. */
    RandomTree(long seed, Path root, Path outside, int most) {
        random = new Random(seed);
        this.root = root;
        this.outside = outside;
        this.most = most;
        directories.add(root);
    }

    void grow(int steps) throws IOException {
        for (int i = 0; i < steps; i++) {
            step();
        }
    }

    void step() throws IOException {
        int choice = random.nextInt(100);
        if (files.size() < most && choice < 45) {
            files.add(Files.writeString(newName(anyDirectory()), "x"));
        } else if (directories.size() < most / 10 && choice < 55) {
            directories.add(Files.createDirectory(newName(anyDirectory())));
        } else if (choice < 65) {
            moveFile();
        } else if (choice < 75) {
            moveDirectory();
        } else if (choice < 85) {
            changeFile();
        } else if (choice < 95) {
            removeFile();
        } else if (choice < 98) {
            removeTree();
        } else {
            moveOutAndIn();
        }
    }

    private Path anyDirectory() {
        return directories.get(random.nextInt(directories.size()));
    }

    /** Mostly a new one, and sometimes one that was in use before. */
    private Path newName(Path directory) {
        Path name = directory.resolve("n" + random.nextInt(20));
        return Files.exists(name) ? directory.resolve("m" + names++) : name;
    }

    private Optional<Path> anyFile() {
        return files.isEmpty()
                ? Optional.empty()
                : Optional.of(files.get(random.nextInt(files.size())));
    }

    /** Takes one out of the list, which is in no order. */
    private Optional<Path> takeFile() {
        if (files.isEmpty()) {
            return Optional.empty();
        }
        int index = random.nextInt(files.size());
        Path file = files.get(index);
        Path last = files.removeLast();
        if (index < files.size()) {
            files.set(index, last);
        }
        return Optional.of(file);
    }

    private void changeFile() throws IOException {
        Optional<Path> file = anyFile();
        if (file.isPresent()) {
            Files.writeString(file.get(), "more", StandardOpenOption.APPEND);
        }
    }

    private void removeFile() throws IOException {
        Optional<Path> file = takeFile();
        if (file.isPresent()) {
            Files.delete(file.get());
        }
    }

    private void moveFile() throws IOException {
        Optional<Path> file = takeFile();
        if (file.isEmpty()) {
            return;
        }
        Optional<Path> over = random.nextInt(3) == 0 ? anyFile() : Optional.empty();
        if (over.isPresent()) {
            Files.move(file.get(), over.get(), StandardCopyOption.ATOMIC_MOVE);
        } else {
            files.add(Files.move(file.get(), newName(anyDirectory())));
        }
    }

    private void moveDirectory() throws IOException {
        Path directory = anyDirectory();
        Path parent = anyDirectory();
        if (directory.equals(root) || parent.startsWith(directory)) {
            return;
        }
        Path target = newName(parent);
        Files.move(directory, target);
        renamed(directories, directory, target);
        renamed(files, directory, target);
    }

    private static void renamed(List<Path> paths, Path from, Path to) {
        paths.replaceAll(path -> path.startsWith(from) ? to.resolve(from.relativize(path)) : path);
    }

    private void removeTree() throws IOException {
        Path directory = anyDirectory();
        if (directory.equals(root) || count(directory) > 50) {
            return;
        }
        delete(directory);
        directories.removeIf(path -> path.startsWith(directory));
        files.removeIf(path -> path.startsWith(directory));
    }

    private static long count(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.count();
        }
    }

    private void moveOutAndIn() throws IOException {
        Path directory = anyDirectory();
        if (directory.equals(root)) {
            return;
        }
        Path away = outside.resolve("out" + names++);
        Files.move(directory, away);
        Path made = Files.writeString(away.resolve("made outside" + names++), "x");
        Path parent =
                directories.stream()
                        .filter(path -> !path.startsWith(directory))
                        .skip(random.nextInt(2))
                        .findFirst()
                        .orElse(root);
        Path target = newName(parent);
        Files.move(away, target);
        renamed(directories, directory, target);
        renamed(files, directory, target);
        files.add(target.resolve(made.getFileName()));
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
