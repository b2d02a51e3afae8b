package dev.volokno.support;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A test of a promise that holds in each {@link Configuration}, which it gets as its argument: all
 * but the test loop, which knows nothing of other threads and processes.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest
@EnumSource(value = Configuration.class, mode = EnumSource.Mode.EXCLUDE, names = "TEST_LOOP")
public @interface EachConfiguration {}
