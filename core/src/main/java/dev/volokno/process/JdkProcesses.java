package dev.volokno.process;

/** The JDK's own machinery for processes. */
final class JdkProcesses {
    private JdkProcesses() {}

    /**
     * Has the JDK do now what it does with its first process: it sets {@code SIGCHLD} to its
     * default, which would end a handler of ours, and without which nobody learns how a child
     * ended.
     */
    static void initialize() {
        try {
            Class.forName("java.lang.ProcessImpl");
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }
}
