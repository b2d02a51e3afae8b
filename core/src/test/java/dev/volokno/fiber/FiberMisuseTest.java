package dev.volokno.fiber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.loop.Loop;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;

class FiberMisuseTest {
    private static final Throwable BARE = new Throwable("neither exception nor error");

    @EachConfiguration
    void aBareThrowableComesOutOfTheLoopAsACause(Configuration configuration) {
        assertThatThrownBy(() -> configuration.run(() -> Fiber.start(() -> throwUnseen(BARE))))
                .isInstanceOf(ExecutionException.class)
                .hasCause(BARE);
    }

    @EachConfiguration
    void aBareThrowableComesOutOfAJoinAsACause(Configuration configuration) {
        try (Loop loop = Loop.start(configuration.options())) {
            var failing = loop.submit(() -> throwUnseen(BARE));
            assertThatThrownBy(failing::join).isInstanceOf(ExecutionException.class).hasCause(BARE);
        }
    }

    /** Throws what the compiler does not know of. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> String throwUnseen(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @EachConfiguration
    void noBodyIsRefusedAtTheCall(Configuration configuration) throws Exception {
        configuration.run(() -> {
            assertThatThrownBy(() -> Fiber.start((Callable<String>) null))
                    .isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> Fiber.start((Action<Exception>) null))
                    .isInstanceOf(NullPointerException.class);
            assertThat(Fiber.start(() -> "goes on").join()).isEqualTo("goes on");
        });
    }

    @EachConfiguration
    void nobodyWaitsForItsOwnEnd(Configuration configuration) throws Exception {
        configuration.run(() ->
                Fiber.start(() ->
                                assertThatThrownBy(() -> Fiber.current().join())
                                        .isInstanceOf(IllegalStateException.class))
                        .join());
    }
}
