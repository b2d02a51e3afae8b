/**
 * Tests of code that runs in fibers: {@link dev.volokno.testing.TestLoop} runs it on real
 * descriptors, and takes the place of time and chance.
 */
@NullMarked
package dev.volokno.testing;

import org.jspecify.annotations.NullMarked;
