/** HTTP by the C library libcurl. Start with {@link dev.volokno.curl.CurlClient#open}. */
@NullMarked
package dev.volokno.curl;

import org.jspecify.annotations.NullMarked;
