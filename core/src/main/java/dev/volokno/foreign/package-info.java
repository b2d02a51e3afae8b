/**
 * C libraries that own descriptors, driven by a fiber: a {@link dev.volokno.foreign.Driver} waits
 * for what the library waits for, and calls it when that has come. What an integration of one needs
 * besides is here too: loading it ({@link dev.volokno.foreign.SharedLibrary}), callbacks ({@link
 * dev.volokno.foreign.Upcalls}), results that come later ({@link dev.volokno.foreign.Answer}).
 */
@NullMarked
package dev.volokno.foreign;

import org.jspecify.annotations.NullMarked;
