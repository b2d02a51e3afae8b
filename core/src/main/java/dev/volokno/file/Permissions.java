package dev.volokno.file;

import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** The nine permission bits, as the JDK names them. */
final class Permissions {
    /** The owner's right to read; the JDK's order is that of the bits. */
    private static final int HIGHEST = 0400;

    private Permissions() {}

    static int bits(Set<PosixFilePermission> permissions) {
        int bits = 0;
        int bit = HIGHEST;
        for (PosixFilePermission permission : PosixFilePermission.values()) {
            bits |= permissions.contains(permission) ? bit : 0;
            bit >>= 1;
        }
        return bits;
    }

    static Set<PosixFilePermission> of(int bits) {
        var permissions = EnumSet.noneOf(PosixFilePermission.class);
        int bit = HIGHEST;
        for (PosixFilePermission permission : PosixFilePermission.values()) {
            if ((bits & bit) != 0) {
                permissions.add(permission);
            }
            bit >>= 1;
        }
        return permissions;
    }
}
