package dev.volokno.net;

import dev.volokno.linux.Memory;
import dev.volokno.linux.SysSocket;
import dev.volokno.linux.VmSockets;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Where a vsock socket is (vsock(7)). Both numbers are unsigned in the kernel; {@code -1} is "any".
 *
 * @param cid the machine: a virtual machine's number, {@link #HOST}, or {@link #LOCAL}
 * @param port the port; those below 1024 are for privileged users
 */
public record VsockAddress(int cid, int port) {
    /** The host of this virtual machine. */
    public static final int HOST = VmSockets.VMADDR_CID_HOST;

    /** This machine itself, where the kernel has {@code vsock_loopback} (Linux 5.6). */
    public static final int LOCAL = VmSockets.VMADDR_CID_LOCAL;

    /** Every number that this machine has; to bind to. */
    public static final int ANY_CID = VmSockets.VMADDR_CID_ANY;

    /** A port of the kernel's choice; to bind to. */
    public static final int ANY_PORT = VmSockets.VMADDR_PORT_ANY;

    /** A port of every number that this machine has; to listen on. */
    public static VsockAddress here(int port) {
        return new VsockAddress(ANY_CID, port);
    }

    MemorySegment encode() {
        MemorySegment sockaddr = Arena.ofAuto().allocate(VmSockets.ADDRESS_SIZE, Integer.BYTES);
        sockaddr.set(ValueLayout.JAVA_SHORT, 0, (short) SysSocket.AF_VSOCK);
        sockaddr.set(ValueLayout.JAVA_INT, VmSockets.ADDRESS_PORT, port);
        sockaddr.set(ValueLayout.JAVA_INT, VmSockets.ADDRESS_CID, cid);
        return sockaddr;
    }

    static VsockAddress decode(long sockaddr) {
        return new VsockAddress(
                Memory.getInt(sockaddr + VmSockets.ADDRESS_CID),
                Memory.getInt(sockaddr + VmSockets.ADDRESS_PORT));
    }

    @Override
    public String toString() {
        return text(cid) + ":" + text(port);
    }

    private static String text(int number) {
        return number == -1 ? "any" : Integer.toUnsignedString(number);
    }
}
