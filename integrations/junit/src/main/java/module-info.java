/** JUnit test methods that run in a {@link dev.volokno.testing.TestLoop}. */
module dev.volokno.junit {
    requires dev.volokno;
    requires transitive org.junit.jupiter.api;

    exports dev.volokno.junit;
}
