/**
 * Names looked up by the C library c-ares: {@link dev.volokno.cares.CaresResolver} asks name
 * servers on the loop, with no thread that waits.
 */
module dev.volokno.cares {
    requires transitive dev.volokno;
    requires static org.jspecify;

    exports dev.volokno.cares;
}
