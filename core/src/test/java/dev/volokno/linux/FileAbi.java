package dev.volokno.linux;

import static dev.volokno.linux.AbiTable.offset;
import static dev.volokno.linux.AbiTable.size;

import java.util.List;
import java.util.Map;

/** Files, directories, and watching them. */
final class FileAbi {
    private static final String STATX = "struct statx";
    private static final String STATFS = "struct statfs";
    private static final String HOW = "struct open_how";
    private static final String FLOCK = "struct flock";
    private static final String METADATA = "struct fanotify_event_metadata";
    private static final String INOTIFY = "struct inotify_event";
    private static final String DIRENT = "struct dirent64";

    static final AbiTable TABLE =
            new AbiTable(
                    List.of(
                            "stdio.h",
                            "stdlib.h",
                            "unistd.h",
                            "limits.h",
                            "dirent.h",
                            "sys/fanotify.h",
                            "sys/inotify.h",
                            "sys/statfs.h",
                            "sys/xattr.h",
                            "linux/fs.h",
                            "linux/magic.h",
                            "linux/openat2.h"),
                    List.of(),
                    Map.ofEntries(
                            offset("SysStat.STX_MASK", STATX, "stx_mask"),
                            offset("SysStat.STX_BLKSIZE", STATX, "stx_blksize"),
                            offset("SysStat.STX_NLINK", STATX, "stx_nlink"),
                            offset("SysStat.STX_UID", STATX, "stx_uid"),
                            offset("SysStat.STX_GID", STATX, "stx_gid"),
                            offset("SysStat.STX_MODE", STATX, "stx_mode"),
                            offset("SysStat.STX_INO", STATX, "stx_ino"),
                            offset("SysStat.STX_SIZE", STATX, "stx_size"),
                            offset("SysStat.STX_BLOCKS", STATX, "stx_blocks"),
                            offset("SysStat.STX_ATIME", STATX, "stx_atime"),
                            offset("SysStat.STX_BTIME", STATX, "stx_btime"),
                            offset("SysStat.STX_CTIME", STATX, "stx_ctime"),
                            offset("SysStat.STX_MTIME", STATX, "stx_mtime"),
                            offset("SysStat.STX_RDEV_MAJOR", STATX, "stx_rdev_major"),
                            offset("SysStat.STX_RDEV_MINOR", STATX, "stx_rdev_minor"),
                            offset("SysStat.STX_DEV_MAJOR", STATX, "stx_dev_major"),
                            offset("SysStat.STX_DEV_MINOR", STATX, "stx_dev_minor"),
                            offset("SysStat.STX_MNT_ID", STATX, "stx_mnt_id"),
                            offset("SysStat.STX_DIO_MEM_ALIGN", STATX, "stx_dio_mem_align"),
                            offset("SysStat.STX_DIO_OFFSET_ALIGN", STATX, "stx_dio_offset_align"),
                            size("SysUio.IOVEC_SIZE", "struct iovec"),
                            offset("SysUio.IOV_BASE", "struct iovec", "iov_base"),
                            offset("SysUio.IOV_LEN", "struct iovec", "iov_len"),
                            size("Openat2.OPEN_HOW_SIZE", HOW),
                            offset("Openat2.OPEN_HOW_FLAGS", HOW, "flags"),
                            offset("Openat2.OPEN_HOW_MODE", HOW, "mode"),
                            offset("Openat2.OPEN_HOW_RESOLVE", HOW, "resolve"),
                            size("Fcntl.FLOCK_SIZE", FLOCK),
                            offset("Fcntl.FLOCK_TYPE", FLOCK, "l_type"),
                            offset("Fcntl.FLOCK_WHENCE", FLOCK, "l_whence"),
                            offset("Fcntl.FLOCK_START", FLOCK, "l_start"),
                            offset("Fcntl.FLOCK_LEN", FLOCK, "l_len"),
                            offset("Fcntl.FLOCK_PID", FLOCK, "l_pid"),
                            size("SysStatfs.STATFS_SIZE", STATFS),
                            offset("SysStatfs.F_TYPE", STATFS, "f_type"),
                            offset("SysStatfs.F_BSIZE", STATFS, "f_bsize"),
                            offset("SysStatfs.F_BLOCKS", STATFS, "f_blocks"),
                            offset("SysStatfs.F_BFREE", STATFS, "f_bfree"),
                            offset("SysStatfs.F_BAVAIL", STATFS, "f_bavail"),
                            offset("SysStatfs.F_FILES", STATFS, "f_files"),
                            offset("SysStatfs.F_FFREE", STATFS, "f_ffree"),
                            offset("SysStatfs.F_NAMELEN", STATFS, "f_namelen"),
                            offset("SysStatfs.F_FRSIZE", STATFS, "f_frsize"),
                            offset("SysStatfs.F_FLAGS", STATFS, "f_flags"),
                            offset("Dirent.D_RECLEN", DIRENT, "d_reclen"),
                            offset("Dirent.D_TYPE", DIRENT, "d_type"),
                            offset("Dirent.D_NAME", DIRENT, "d_name"),
                            size("FileHandles.HANDLE_SIZE", "struct file_handle"),
                            offset("SysFanotify.METADATA_LEN", METADATA, "metadata_len"),
                            offset("SysFanotify.METADATA_MASK", METADATA, "mask"),
                            offset("SysFanotify.METADATA_FD", METADATA, "fd"),
                            offset("SysFanotify.METADATA_PID", METADATA, "pid"),
                            size("SysFanotify.METADATA_SIZE", METADATA),
                            offset(
                                    "SysFanotify.INFO_LEN",
                                    "struct fanotify_event_info_header",
                                    "len"),
                            offset(
                                    "SysFanotify.INFO_PIDFD",
                                    "struct fanotify_event_info_pidfd",
                                    "pidfd"),
                            offset(
                                    "SysFanotify.INFO_HANDLE",
                                    "struct fanotify_event_info_fid",
                                    "handle"),
                            size("SysFanotify.RESPONSE_SIZE", "struct fanotify_response"),
                            size("SysInotify.EVENT_SIZE", INOTIFY),
                            offset("SysInotify.EVENT_MASK", INOTIFY, "mask"),
                            offset("SysInotify.EVENT_COOKIE", INOTIFY, "cookie"),
                            offset("SysInotify.EVENT_LEN", INOTIFY, "len")),
                    Map.of(
                            "offsetof(struct inotify_event, wd)", 0L,
                            "offsetof(struct statx_timestamp, tv_nsec)", 8L),
                    List.of());

    private FileAbi() {}
}
