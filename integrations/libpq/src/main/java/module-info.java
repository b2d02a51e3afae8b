/** PostgreSQL in fibers, by its C library. */
module dev.volokno.libpq {
    requires transitive dev.volokno;
    requires static org.jspecify;

    exports dev.volokno.libpq;
}
