package dev.volokno.net;

import dev.volokno.fd.Fd;
import java.util.List;
import java.util.Optional;

/**
 * What was received over a UNIX socket besides the bytes in the buffer.
 *
 * @param length how many bytes were put into the buffer; -1 at the end
 * @param truncated whether a datagram or packet was longer than the buffer; the rest is lost
 * @param descriptors what came along; the receiver has to close them
 * @param descriptorsLost whether more descriptors came than were asked for or could be opened; the
 *     kernel has closed those
 * @param sender what the sender of a datagram is bound to, if it is
 * @param credentials who sent it, if {@link NetOption#PASS_CREDENTIALS} is set
 */
public record UnixMessage(
        int length,
        boolean truncated,
        List<Fd> descriptors,
        boolean descriptorsLost,
        Optional<UnixAddress> sender,
        Optional<PeerCredentials> credentials) {
    /** Nothing but so many bytes, or the end. */
    static UnixMessage plain(int length) {
        return new UnixMessage(length, false, List.of(), false, Optional.empty(), Optional.empty());
    }
}
