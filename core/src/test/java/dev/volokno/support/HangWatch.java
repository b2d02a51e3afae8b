package dev.volokno.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Ends the JVM if a test hangs where no interrupt reaches it, in a native call or in a loop whose
 * fibers wait for each other, and says which test and where every thread is, the virtual ones too.
 */
public final class HangWatch implements BeforeEachCallback, AfterEachCallback {
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final int HUNG = 97;

    private CountDownLatch end = new CountDownLatch(0);

    @Override
    public void beforeEach(ExtensionContext context) {
        if (context.getTags().contains("soak")) {
            return;
        }
        String test = context.getRequiredTestClass().getName() + ": " + context.getDisplayName();
        var ended = new CountDownLatch(1);
        end = ended;
        Thread.ofPlatform().daemon().name("hang-watch").start(() -> haltUnless(ended, test));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        end.countDown();
    }

    private static void haltUnless(CountDownLatch ended, String test) {
        try {
            if (ended.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                return;
            }
            System.err.println("hangs: " + test);
            System.err.println(threads());
        } catch (IOException | InterruptedException noDump) {
            System.err.println("no thread dump: " + noDump);
        }
        Runtime.getRuntime().halt(HUNG);
    }

    private static String threads() throws IOException, InterruptedException {
        Path dump = Files.createTempDirectory("hang").resolve("threads");
        String own = Long.toString(ProcessHandle.current().pid());
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        new ProcessBuilder(jcmd, own, "Thread.dump_to_file", dump.toString()).start().waitFor();
        return Files.readString(dump);
    }
}
