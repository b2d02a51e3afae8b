package dev.volokno.net;

import dev.volokno.backend.Kernel;
import dev.volokno.backend.MessageOperation;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Kind;
import dev.volokno.descriptor.Turns.Direction;
import dev.volokno.fd.Fd;
import dev.volokno.linux.SysSocket;
import dev.volokno.linux.SysSocket.SocketOption;
import dev.volokno.linux.Unistd;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Messages of a UNIX socket with descriptors in them; the caller has the turn. */
final class UnixMessaging {
    /** The kernel passes no more at a time (SCM_MAX_FD). */
    private static final int SCM_MAX_FD = 253;

    private static final SocketOption PEER_CREDENTIALS =
            new SocketOption(SysSocket.SOL_SOCKET, SysSocket.SO_PEERCRED);

    private final Descriptor descriptor;
    private @Nullable MessageOperation receiving;
    private @Nullable MessageOperation sending;

    UnixMessaging(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /** One recvmsg(2). */
    UnixMessage receive(ByteBuffer target, int maxDescriptors) throws IOException {
        checkCount(maxDescriptors);
        if (target.isReadOnly()) {
            throw new IllegalArgumentException("cannot receive into a read-only buffer: " + target);
        }
        MessageOperation operation = receiving();
        try {
            int room = PassedRights.room(maxDescriptors);
            int length = (int) descriptor.perform(operation.with(target, UnixAddress.SIZE, room));
            operation.unstage(length);
            target.position(target.position() + length);
            return received(operation, length, maxDescriptors);
        } finally {
            operation.letGo();
        }
    }

    private static UnixMessage received(MessageOperation operation, int length, int maxDescriptors)
            throws IOException {
        var control = PassedRights.read(operation.control(), operation.controlLength());
        var from = UnixAddress.decode(operation.name(), operation.nameLength());
        List<Integer> numbers = control.numbers();
        int wanted = Math.min(maxDescriptors, numbers.size());
        // The room for credentials may have held descriptors beyond those asked for.
        numbers.subList(wanted, numbers.size()).forEach(UnixMessaging::close);
        List<Fd> descriptors = own(numbers.subList(0, wanted));
        return new UnixMessage(
                length,
                operation.isTruncated(),
                descriptors,
                operation.isControlTruncated() || wanted < numbers.size(),
                Optional.of(from).filter(address -> !address.equals(UnixAddress.unnamed())),
                Optional.ofNullable(control.credentials()));
    }

    /** Takes over what has come; what cannot be taken over is closed. */
    private static List<Fd> own(List<Integer> numbers) throws IOException {
        List<Fd> owned = new ArrayList<>(numbers.size());
        try {
            for (int number : numbers) {
                owned.add(Fd.adopt(number, Kind.ANY, "received"));
            }
            return owned;
        } catch (IOException | RuntimeException e) {
            for (int number : numbers.subList(owned.size(), numbers.size())) {
                close(number);
            }
            for (Fd fd : owned) {
                fd.close();
            }
            throw e;
        }
    }

    private static void close(int number) {
        try (Arena arena = Arena.ofConfined()) {
            Unistd.close(Kernel.newErrno(arena), number);
        }
    }

    /** One sendmsg(2): how many bytes were sent, all descriptors with them. */
    int send(ByteBuffer source, @Nullable UnixAddress target, Fd... descriptors)
            throws IOException {
        checkCount(descriptors.length);
        int entered = 0;
        MessageOperation operation = sending();
        try {
            var numbers = new int[descriptors.length];
            while (entered < descriptors.length) {
                numbers[entered] = enter(descriptors[entered]);
                entered++;
            }
            int control = PassedRights.put(operation.control(), numbers);
            int name = target == null ? 0 : target.encode(operation.name());
            int sent = (int) descriptor.perform(operation.with(source, name, control));
            source.position(source.position() + sent);
            return sent;
        } finally {
            operation.letGo();
            for (int i = 0; i < entered; i++) {
                descriptors[i].descriptor().leave();
            }
        }
    }

    private static int enter(Fd passed) throws IOException {
        int left = passed.descriptor().buffered();
        if (left > 0) {
            throw new IllegalStateException(
                    passed + " has " + left + " bytes left over: drainBuffered() takes them out");
        }
        passed.descriptor().enter();
        return passed.descriptor().number();
    }

    private static void checkCount(int descriptors) {
        if (descriptors < 0 || descriptors > SCM_MAX_FD) {
            throw new IllegalArgumentException(
                    "a message carries 0 to " + SCM_MAX_FD + " descriptors, not " + descriptors);
        }
    }

    private MessageOperation receiving() {
        MessageOperation known = receiving;
        if (known == null || known.pending()) {
            known = MessageOperation.receiving(descriptor.handle());
            receiving = known;
        }
        return known;
    }

    private MessageOperation sending() {
        MessageOperation known = sending;
        if (known == null || known.pending()) {
            known = MessageOperation.sending(descriptor.handle());
            sending = known;
        }
        return known;
    }

    /** Sends datagrams and packets, each whole. */
    void sendAlone(ByteBuffer source, @Nullable UnixAddress target, Fd... descriptors)
            throws IOException {
        descriptor.enter(Direction.WRITE);
        try {
            send(source, target, descriptors);
        } finally {
            descriptor.leave(Direction.WRITE);
        }
    }

    UnixMessage receiveAlone(ByteBuffer target, int maxDescriptors) throws IOException {
        descriptor.enter(Direction.READ);
        try {
            return receive(target, maxDescriptors);
        } finally {
            descriptor.leave(Direction.READ);
        }
    }

    static PeerCredentials credentials(Fd fd) throws IOException {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment ucred = arena.allocate(PassedRights.UCRED_SIZE, Integer.BYTES);
            Sockets.get(fd, PEER_CREDENTIALS, ucred);
            return PassedRights.credentials(ucred.address());
        }
    }
}
