/** Says what a machine offers the library. */
@NullMarked
package dev.volokno.doctor;

import org.jspecify.annotations.NullMarked;
