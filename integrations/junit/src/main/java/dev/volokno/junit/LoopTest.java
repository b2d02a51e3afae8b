package dev.volokno.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test method whose body is the first fiber of a {@link dev.volokno.testing.TestLoop}, once for
 * each of several seeds. What is run before and after each test is outside the loop.
 *
 * <p>The system property {@code volokno.test.seed}, as a failure names it, runs the one seed alone.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(LoopTestExtension.class)
public @interface LoopTest {
    /** With how many seeds it runs; they are others each time. */
    int seeds() default 1;

    /** How the loop waits: {@code epoll} or {@code io_uring}. */
    String backend() default "epoll";

    /**
     * Whether what the kernel may always do goes wrong at random (short transfers, late results).
     */
    boolean benignFaults() default false;

    /** How long, in real milliseconds, other threads and processes are waited for. */
    long patienceMillis() default 0;
}
