/** The exceptions that every part of the library throws. */
@NullMarked
package dev.volokno;

import org.jspecify.annotations.NullMarked;
