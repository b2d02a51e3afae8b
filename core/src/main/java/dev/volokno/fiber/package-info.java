/** Fibers, the scopes they live in, and deadlines. */
@NullMarked
package dev.volokno.fiber;

import org.jspecify.annotations.NullMarked;
