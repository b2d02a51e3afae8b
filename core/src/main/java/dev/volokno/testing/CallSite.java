package dev.volokno.testing;

import java.util.Arrays;

/** Which of the user's lines a thread is in. */
final class CallSite {
    private static final String LIBRARY = "dev.volokno.";

    private CallSite() {}

    /** The innermost frame outside the JDK and the library. */
    static String of(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .filter(CallSite::isUsers)
                .findFirst()
                .map(StackTraceElement::toString)
                .orElse("the library itself");
    }

    private static boolean isUsers(StackTraceElement frame) {
        String name = frame.getClassName();
        String module = frame.getModuleName();
        boolean jdk = module != null && (module.startsWith("java.") || module.startsWith("jdk."));
        return !jdk && !name.startsWith(LIBRARY);
    }
}
