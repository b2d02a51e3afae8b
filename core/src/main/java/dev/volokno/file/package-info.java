/** Files and directories, and watching them. */
@NullMarked
package dev.volokno.file;

import org.jspecify.annotations.NullMarked;
