package dev.volokno.libpq;

/**
 * A column of a result.
 *
 * @param name its name; several may have the same
 * @param type the OID of its data type, as in {@code pg_type}
 * @param binary whether values are in the type's binary format, and not in text
 */
public record Column(String name, int type, boolean binary) {
    /** The OID of {@code bytea}. */
    static final int BYTEA = 17;
}
