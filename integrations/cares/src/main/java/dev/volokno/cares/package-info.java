/**
 * Names looked up by the C library c-ares. Start with {@link dev.volokno.cares.CaresResolver#open}.
 */
@NullMarked
package dev.volokno.cares;

import org.jspecify.annotations.NullMarked;
