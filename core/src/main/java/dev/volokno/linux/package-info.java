/**
 * The kernel and libc as they are: one class per C header, reached by the Foreign Function and
 * Memory API. Every function returns what the C function returns, or the negated {@code errno}.
 * Nothing here parks and nothing here knows a fiber.
 */
@NullMarked
package dev.volokno.linux;

import org.jspecify.annotations.NullMarked;
