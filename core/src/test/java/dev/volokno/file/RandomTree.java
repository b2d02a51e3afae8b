package dev.volokno.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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

    private Path anyFile() {
        return files.isEmpty() ? root : files.get(random.nextInt(files.size()));
    }

    private void changeFile() throws IOException {
        Path file = anyFile();
        if (!file.equals(root)) {
            Files.writeString(file, "more", StandardOpenOption.APPEND);
        }
    }

    private void removeFile() throws IOException {
        Path file = anyFile();
        if (!file.equals(root)) {
            Files.delete(file);
            files.remove(file);
        }
    }

    private void moveFile() throws IOException {
        Path file = anyFile();
        Path over = anyFile();
        if (file.equals(root) || file.equals(over)) {
            return;
        }
        boolean replace = random.nextInt(3) == 0;
        Path target = replace ? over : newName(anyDirectory());
        Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
        files.remove(file);
        files.remove(target);
        files.add(target);
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
        if (directory.equals(root) || Files.list(directory).count() > 50) {
            return;
        }
        delete(directory);
        directories.removeIf(path -> path.startsWith(directory));
        files.removeIf(path -> path.startsWith(directory));
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
