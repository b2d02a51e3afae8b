/** Signals, and other processes. */
@NullMarked
package dev.volokno.process;

import org.jspecify.annotations.NullMarked;
