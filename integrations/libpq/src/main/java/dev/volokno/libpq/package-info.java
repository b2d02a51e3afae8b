/**
 * PostgreSQL by libpq, its own C library: {@link dev.volokno.libpq.Postgres} is a connection, whose
 * calls park a fiber and never a loop.
 */
@NullMarked
package dev.volokno.libpq;

import org.jspecify.annotations.NullMarked;
