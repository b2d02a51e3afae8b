/**
 * Ownership of a descriptor: who may use it, in which order, and who closes it when. One read side
 * and one write side each.
 */
@NullMarked
package dev.volokno.descriptor;

import org.jspecify.annotations.NullMarked;
