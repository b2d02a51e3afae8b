/**
 * The waist: kernel requests as {@link dev.volokno.backend.Operation}s, and the {@link
 * dev.volokno.backend.Backend}s that carry them out. Another operating system, or another way to
 * wait, is one more implementation here.
 */
@NullMarked
package dev.volokno.backend;

import org.jspecify.annotations.NullMarked;
