/** Files and directories. */
@NullMarked
package dev.volokno.file;

import org.jspecify.annotations.NullMarked;
