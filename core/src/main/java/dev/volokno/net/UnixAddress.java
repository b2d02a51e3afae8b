package dev.volokno.net;

import dev.volokno.linux.Memory;
import dev.volokno.linux.SysSocket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/** Where a UNIX socket is: a path, a name in the abstract namespace, or nowhere (unix(7)). */
public final class UnixAddress extends SocketAddress {
    private static final long serialVersionUID = 1L;

    /** Of {@code struct sockaddr_un}. */
    static final int SIZE = 110;

    private static final int PATH = 2;
    private static final int SUN_PATH_SIZE = SIZE - PATH;
    private static final int LONGEST = SUN_PATH_SIZE - 1;
    private static final UnixAddress UNNAMED = new UnixAddress(new byte[0]);

    /** As in {@code sun_path}, without the zero byte after a path. */
    private final byte[] bytes;

    private UnixAddress(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * A path in the file system.
     *
     * @throws IllegalArgumentException if it is empty or has more than 107 bytes; a relative path,
     *     or one through {@code /proc/self/fd/N}, may be shorter
     */
    public static UnixAddress of(Path path) {
        byte[] bytes = path.toString().getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0 || bytes.length > LONGEST) {
            throw new IllegalArgumentException(
                    "a UNIX socket's path has 1 to %d bytes, this has %d: %s"
                            .formatted(LONGEST, bytes.length, path));
        }
        return new UnixAddress(bytes);
    }

    /**
     * A name in the abstract namespace, which is no file and is gone when the socket is closed.
     *
     * @throws IllegalArgumentException if it is empty or has more than 107 bytes
     */
    public static UnixAddress ofAbstract(String name) {
        byte[] bytes = ('\0' + name).getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 1 || bytes.length > SUN_PATH_SIZE) {
            throw new IllegalArgumentException(
                    "an abstract name has 1 to %d bytes, this has %d: %s"
                            .formatted(LONGEST, bytes.length - 1, name));
        }
        return new UnixAddress(bytes);
    }

    /**
     * No name. To bind to it is to get an abstract name that the kernel chooses; a socket that is
     * not bound has it.
     */
    public static UnixAddress unnamed() {
        return UNNAMED;
    }

    /** Whether it is a name in the abstract namespace. */
    public boolean isAbstract() {
        return bytes.length > 0 && bytes[0] == 0;
    }

    /** Whether it is a path in the file system. */
    public boolean isPath() {
        return bytes.length > 0 && bytes[0] != 0;
    }

    /**
     * The path.
     *
     * @throws IllegalStateException if it is none
     */
    public Path path() {
        if (!isPath()) {
            throw new IllegalStateException("no path: " + this);
        }
        return Path.of(new String(bytes, StandardCharsets.UTF_8));
    }

    /** The {@code struct sockaddr_un}, in memory that lives as long as it is reachable. */
    MemorySegment encode() {
        MemorySegment sockaddr = Arena.ofAuto().allocate(length(), Short.BYTES);
        encode(sockaddr.address());
        return sockaddr;
    }

    /** Writes the {@code struct sockaddr_un}: its length. */
    int encode(long sockaddr) {
        Memory.putShort(sockaddr, (short) SysSocket.AF_UNIX);
        for (int i = 0; i < bytes.length; i++) {
            Memory.putByte(sockaddr + PATH + i, bytes[i]);
        }
        if (isPath()) {
            Memory.putByte(sockaddr + PATH + bytes.length, (byte) 0);
        }
        return length();
    }

    private int length() {
        return PATH + bytes.length + (isPath() ? 1 : 0);
    }

    static UnixAddress decode(long sockaddr, int length) {
        if (length <= PATH) {
            return UNNAMED;
        }
        byte[] name = Memory.at(sockaddr + PATH, length - PATH).toArray(ValueLayout.JAVA_BYTE);
        return new UnixAddress(name[0] == 0 ? name : Arrays.copyOf(name, pathLength(name)));
    }

    private static int pathLength(byte[] name) {
        int length = 0;
        while (length < name.length && name[length] != 0) {
            length++;
        }
        return length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UnixAddress that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The path, an abstract name after {@code @}, or {@code (unnamed)}. */
    @Override
    public String toString() {
        String text = new String(bytes, StandardCharsets.UTF_8);
        return bytes.length == 0 ? "(unnamed)" : isAbstract() ? "@" + text.substring(1) : text;
    }
}
