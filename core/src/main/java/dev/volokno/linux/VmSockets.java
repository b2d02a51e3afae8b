package dev.volokno.linux;

/** {@code <linux/vm_sockets.h>}: addresses of virtual machines and their hosts (vsock(7)). */
public final class VmSockets {
    public static final int VMADDR_CID_ANY = -1;
    public static final int VMADDR_CID_LOCAL = 1;
    public static final int VMADDR_CID_HOST = 2;
    public static final int VMADDR_PORT_ANY = -1;

    // struct sockaddr_vm
    public static final int ADDRESS_PORT = 4;
    public static final int ADDRESS_CID = 8;
    public static final int ADDRESS_SIZE = 16;

    private VmSockets() {}
}
