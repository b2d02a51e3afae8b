package dev.volokno.net;

/**
 * Who is at the other end of a UNIX socket, as the kernel says (unix(7)).
 *
 * @param pid the process, 0 if it is in another pid namespace
 * @param uid its user
 * @param gid its group
 */
public record PeerCredentials(int pid, int uid, int gid) {}
