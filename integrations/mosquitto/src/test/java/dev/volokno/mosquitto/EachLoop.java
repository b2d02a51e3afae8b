package dev.volokno.mosquitto;

import dev.volokno.fiber.Action;
import dev.volokno.loop.Loop;
import dev.volokno.loop.LoopOptions;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A test of a promise that holds in each kind of loop, which it gets as its argument. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest
@EnumSource(EachLoop.Kind.class)
@interface EachLoop {
    enum Kind {
        IO_URING(LoopOptions.defaults().withBackend("io_uring")),
        EPOLL(LoopOptions.defaults().withBackend("epoll")),
        EPOLL_UNCONFINED(LoopOptions.unconfined());

        private final LoopOptions options;

        Kind(LoopOptions options) {
            this.options = options;
        }

        void run(Action<? extends Exception> body) throws Exception {
            Loop.run(options, body);
        }
    }
}
