/** Sockets. */
@NullMarked
package dev.volokno.net;

import org.jspecify.annotations.NullMarked;
