package dev.volokno.support;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A test of a promise that holds in each {@link Configuration} that makes no transfer short: of
 * descriptors whose kernel side takes a write as a whole, or not at all.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest
@EnumSource(
        value = Configuration.class,
        names = {"IO_URING", "EPOLL", "EPOLL_UNCONFINED"})
public @interface EachWholeConfiguration {}
