package dev.volokno.fd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.support.ChildJava;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a Java of its own, whose one reader of the log is the test. */
class UnreachableFdTest {
    private static final String PROGRAM =
            """
            import dev.volokno.fd.EventFd;
            import dev.volokno.fd.Pipe;
            import dev.volokno.loop.Loop;
            import java.util.concurrent.LinkedBlockingQueue;
            import java.util.concurrent.TimeUnit;
            import java.util.logging.*;

            class Program {
                static final LinkedBlockingQueue<String> REPORTS = new LinkedBlockingQueue<>();
                static final Logger LOGGER = Logger.getLogger("dev.volokno");

                public static void main(String[] arguments) throws Exception {
                    LOGGER.setUseParentHandlers(false);
                    LOGGER.addHandler(new Handler() {
                        @Override public void publish(LogRecord record) {
                            REPORTS.add(new SimpleFormatter().formatMessage(record));
                        }
                        @Override public void flush() {}
                        @Override public void close() {}
                    });
                    Loop.run(() -> {
                        closeOne();
                        loseOne();
                        String report = null;
                        for (int i = 0; i < 100 && report == null; i++) {
                            System.gc();
                            report = REPORTS.poll(50, TimeUnit.MILLISECONDS);
                        }
                        System.out.println(report);
                    });
                    System.out.println(REPORTS);
                }

                static void closeOne() throws Exception {
                    Pipe.open().close();
                }

                static void loseOne() throws Exception {
                    EventFd.open();
                }
            }
            """;

    @TempDir private Path directory;

    @Test
    void isReportedWithItsBirthplaceOnceAndOneThatWasClosedIsNot() throws Exception {
        assertThat(ChildJava.of(directory, PROGRAM).opened().run())
                .containsPattern("fd \\d+.* became unreachable and was not closed; opened at ")
                .contains("Program.loseOne")
                .endsWith("\n[]\n");
    }
}
