/**
 * Descriptors of any kind: ownership and readiness, byte streams, pipes, events, the standard
 * streams.
 */
@NullMarked
package dev.volokno.fd;

import org.jspecify.annotations.NullMarked;
