package dev.volokno.file;

import java.nio.file.Path;

/**
 * A name in a directory.
 *
 * @param path the directory's path with the name
 * @param type what it stands for, as far as the directory itself tells
 * @param inode the file's number
 */
public record DirectoryEntry(Path path, FileType type, long inode) {}
