/** Test methods that run as fibers of a test loop: {@link dev.volokno.junit.LoopTest}. */
package dev.volokno.junit;
