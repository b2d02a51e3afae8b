/** Serial ports, terminals and pseudo-terminals. */
@NullMarked
package dev.volokno.tty;

import org.jspecify.annotations.NullMarked;
