package dev.volokno.file;

import dev.volokno.fd.Fd;
import java.util.Optional;

/**
 * What happened, and who did it.
 *
 * @param event what happened
 * @param pid the process; 0 where the kernel does not tell: to whoever is not privileged, and of
 *     processes that this one cannot see
 * @param process a descriptor of the process (pidfd_open(2)), readable when it has ended; whoever
 *     takes the event closes it. Only if that was asked for, the kernel can, and the process has
 *     not ended
 */
public record FilesystemEvent(FileEvent event, int pid, Optional<Fd> process) {}
