package dev.volokno.file;

import static dev.volokno.file.Watching.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Offload;
import dev.volokno.file.GuardOptions.Access;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.Waiting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** On a file system of its own: nothing else on this machine waits for these answers. */
class FilesystemGuardTest {
    private static final GuardOptions MOUNT =
            GuardOptions.of(Extent.MOUNT).denyingAfter(Duration.ofSeconds(30));

    @TempDir private Path folder;

    private Path root;
    private Path file;

    @BeforeEach
    void makeFolder() throws Exception {
        root = Files.createDirectory(folder.resolve("root"));
        file = root.resolve("file");
    }

    /** A test with a file on a file system of its own. */
    private interface Body {
        void run() throws Exception;
    }

    private void mounted(Body body) throws Exception {
        try (var mounted = Mounted.tmpfs(root)) {
            Files.writeString(file, "content");
            body.run();
            mounted.unmount();
        }
    }

    private Process cat() throws IOException {
        return new ProcessBuilder("cat", file.toString()).redirectErrorStream(true).start();
    }

    /** What a process has said when it has ended. */
    private static String output(Process process) throws Exception {
        return Offload.call(() -> {
            var said = process.getInputStream().readAllBytes();
            process.waitFor();
            return new String(said, StandardCharsets.UTF_8);
        });
    }

    @EachConfiguration
    void othersWaitUntilTheyAreAllowedOrDenied(Configuration configuration) throws Exception {
        mounted(() ->
                configuration.run(() -> {
                    try (var guard = FilesystemGuard.open(root, MOUNT)) {
                        var first = cat();
                        AccessRequest request = guard.take(LONG);
                        assertThat(request.path()).isEqualTo(file);
                        assertThat(request.pid()).isEqualTo((int) first.pid());
                        assertThat(request.access()).isEqualTo(Access.OPEN);
                        assertThat(request.allow()).isTrue();
                        assertThat(request.deny()).isFalse();
                        assertThat(output(first)).isEqualTo("content");
                        var second = cat();
                        guard.take(LONG).deny();
                        assertThat(output(second)).contains("not permitted");
                    }
                }));
    }

    @EachConfiguration
    void theContentCanBeLookedAtBeforeTheAnswer(Configuration configuration) throws Exception {
        mounted(() ->
                configuration.run(() -> {
                    try (var guard =
                            FilesystemGuard.open(root, MOUNT.asking(Access.OPEN, Access.READ))) {
                        var process = cat();
                        AccessRequest opening = guard.take(LONG);
                        var content = ByteBuffer.allocate(4);
                        assertThat(opening.read(content, 3)).isEqualTo(4);
                        assertThat(content.array()).asString().isEqualTo("tent");
                        opening.allow();
                        assertThatThrownBy(() -> opening.read(content.clear(), 0))
                                .isInstanceOf(IllegalStateException.class);
                        AccessRequest reading = guard.take(LONG);
                        assertThat(reading.access()).isEqualTo(Access.READ);
                        reading.deny();
                        assertThat(output(process)).contains("not permitted");
                    }
                }));
    }

    @EachConfiguration
    void whatThisProcessDoesItselfNeverWaits(Configuration configuration) throws Exception {
        mounted(() ->
                configuration.run(() -> {
                    try (var guard = FilesystemGuard.open(root, MOUNT)) {
                        // On the loop's own thread, which could not answer meanwhile.
                        assertThat(Files.readString(file)).isEqualTo("content");
                        assertThat(Offload.call(() -> Files.readString(file))).isEqualTo("content");
                        assertThat(guard.tryTake()).isEmpty();
                    }
                }));
    }

    @EachConfiguration
    void whatNobodyAnswersIsAnsweredAsAgreed(Configuration configuration) throws Exception {
        mounted(() ->
                configuration.run(() -> {
                    var deny = GuardOptions.of(Extent.MOUNT).denyingAfter(Duration.ofMillis(20));
                    try (var guard = FilesystemGuard.open(root, deny)) {
                        var process = cat();
                        // Nothing else runs on a confined loop, no fiber and no timer.
                        assertThat(process.waitFor()).isNotZero();
                        AccessRequest late = guard.take(LONG);
                        assertThat(late.isAnswered()).isTrue();
                        assertThat(late.allow()).isFalse();
                    }
                    var allow = GuardOptions.of(Extent.MOUNT).allowingAfter(Duration.ofMillis(20));
                    try (var guard = FilesystemGuard.open(root, allow)) {
                        assertThat(cat().waitFor()).isZero();
                        assertThat(guard.take(LONG).isAnswered()).isTrue();
                    }
                }));
    }

    @EachConfiguration
    void closingAnswersWhatIsUnanswered(Configuration configuration) throws Exception {
        mounted(() ->
                configuration.run(() -> {
                    var guard = FilesystemGuard.open(root, MOUNT);
                    var taken = cat();
                    AccessRequest request = guard.take(LONG);
                    var waiting =
                            Waiting.untilParked(
                                    Fiber.start(() ->
                                            assertThatThrownBy(guard::take)
                                                    .isInstanceOf(
                                                            AsynchronousCloseException.class)));
                    guard.close();
                    waiting.join();
                    assertThat(output(taken)).contains("not permitted");
                    assertThat(request.allow()).isFalse();
                }));
    }

    @EachConfiguration
    void aLoopThatEndsAnswersToo(Configuration configuration) throws Exception {
        mounted(() -> {
            var processes = new Process[1];
            configuration.run(() -> {
                var guard = FilesystemGuard.open(root, MOUNT);
                processes[0] = cat();
                guard.take(LONG);
            });
            assertThat(processes[0].waitFor()).isNotZero();
        });
    }

    @EachConfiguration
    void executionIsAskedForByName(Configuration configuration) throws Exception {
        mounted(() -> {
            Path program = root.resolve("program");
            Files.copy(Path.of("/bin/true"), program);
            assertThat(program.toFile().setExecutable(true)).isTrue();
            configuration.run(() -> {
                try (var guard = FilesystemGuard.open(root, MOUNT.asking(Access.EXECUTE))) {
                    var shell =
                            new ProcessBuilder("sh", "-c", program.toString())
                                    .redirectErrorStream(true)
                                    .start();
                    AccessRequest request = guard.take(LONG);
                    assertThat(request.access()).isEqualTo(Access.EXECUTE);
                    assertThat(request.path()).isEqualTo(program);
                    request.deny();
                    assertThat(output(shell)).contains("ot permitted");
                }
            });
        });
    }
}
