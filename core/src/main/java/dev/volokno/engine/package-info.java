/**
 * The scheduler: which fiber runs next on the loop's thread, what each waits for, timers, and how
 * another thread gets a word in. {@link dev.volokno.engine.VirtualThreads} alone knows how a fiber
 * is suspended.
 */
@NullMarked
package dev.volokno.engine;

import org.jspecify.annotations.NullMarked;
