/** The event loop as users see it: run one, start several, choose how they wait. */
@NullMarked
package dev.volokno.loop;

import org.jspecify.annotations.NullMarked;
