package dev.volokno.net;

import dev.volokno.linux.Memory;
import dev.volokno.linux.SysSocket;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code struct cmsghdr}s of UNIX sockets (cmsg(3), unix(7)). */
final class PassedRights {
    private static final int LEVEL = 8;
    private static final int TYPE = 12;
    private static final int DATA = 16;

    // struct ucred
    private static final int UCRED_UID = 4;
    private static final int UCRED_GID = 8;
    static final int UCRED_SIZE = 12;

    /** What a message carried besides its bytes. */
    record Received(List<Integer> numbers, @Nullable PeerCredentials credentials) {}

    private PassedRights() {}

    /** Room for so many descriptors, and credentials. */
    static int room(int descriptors) {
        return aligned(DATA + descriptors * Integer.BYTES) + aligned(DATA + UCRED_SIZE);
    }

    /** Writes the descriptors' numbers: the length of the control messages. */
    static int put(long control, int[] numbers) {
        if (numbers.length == 0) {
            return 0;
        }
        int length = DATA + numbers.length * Integer.BYTES;
        Memory.putLong(control, length);
        Memory.putInt(control + LEVEL, SysSocket.SOL_SOCKET);
        Memory.putInt(control + TYPE, SysSocket.SCM_RIGHTS);
        for (int i = 0; i < numbers.length; i++) {
            Memory.putInt(control + DATA + (long) i * Integer.BYTES, numbers[i]);
        }
        return aligned(length);
    }

    static Received read(long control, int length) {
        List<Integer> numbers = new ArrayList<>();
        PeerCredentials credentials = null;
        long at = control;
        while (at + DATA <= control + length) {
            long size = Memory.getLong(at);
            int type = Memory.getInt(at + TYPE);
            if (type == SysSocket.SCM_RIGHTS) {
                for (long number = DATA; number + Integer.BYTES <= size; number += Integer.BYTES) {
                    numbers.add(Memory.getInt(at + number));
                }
            } else if (type == SysSocket.SCM_CREDENTIALS) {
                credentials = credentials(at + DATA);
            }
            at += aligned((int) size);
        }
        return new Received(numbers, credentials);
    }

    static PeerCredentials credentials(long ucred) {
        return new PeerCredentials(
                Memory.getInt(ucred),
                Memory.getInt(ucred + UCRED_UID),
                Memory.getInt(ucred + UCRED_GID));
    }

    private static int aligned(int length) {
        return length + Long.BYTES - 1 & -Long.BYTES;
    }
}
