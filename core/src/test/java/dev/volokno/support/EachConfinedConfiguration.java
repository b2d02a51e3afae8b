package dev.volokno.support;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A test of a promise that holds in each {@link Configuration} whose loop is on one platform
 * thread: of what is done with that thread.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest
@EnumSource(
        value = Configuration.class,
        names = {"IO_URING", "EPOLL", "IO_URING_LATE", "EPOLL_LATE"})
public @interface EachConfinedConfiguration {}
