package dev.volokno.file;

import dev.volokno.linux.Dirent;
import dev.volokno.linux.SysStat;

/** What a name in the file system stands for. */
public enum FileType {
    /** A regular file. */
    FILE,
    /** A directory. */
    DIRECTORY,
    /** A symbolic link. */
    LINK,
    /** A fifo. */
    FIFO,
    /** A UNIX socket. */
    SOCKET,
    /** A character device. */
    CHARACTER_DEVICE,
    /** A block device. */
    BLOCK_DEVICE,
    /** The file system does not say. */
    UNKNOWN;

    static FileType ofMode(int mode) {
        return switch (mode & SysStat.S_IFMT) {
            case SysStat.S_IFREG -> FILE;
            case SysStat.S_IFDIR -> DIRECTORY;
            case SysStat.S_IFLNK -> LINK;
            case SysStat.S_IFIFO -> FIFO;
            case SysStat.S_IFSOCK -> SOCKET;
            case SysStat.S_IFCHR -> CHARACTER_DEVICE;
            case SysStat.S_IFBLK -> BLOCK_DEVICE;
            default -> UNKNOWN;
        };
    }

    static FileType ofEntry(int type) {
        return switch (type) {
            case Dirent.DT_REG -> FILE;
            case Dirent.DT_DIR -> DIRECTORY;
            case Dirent.DT_LNK -> LINK;
            case Dirent.DT_FIFO -> FIFO;
            case Dirent.DT_SOCK -> SOCKET;
            case Dirent.DT_CHR -> CHARACTER_DEVICE;
            case Dirent.DT_BLK -> BLOCK_DEVICE;
            default -> UNKNOWN;
        };
    }
}
