/** {@link java.net.InetAddress} over c-ares. */
@NullMarked
package dev.volokno.cares.inetaddress;

import org.jspecify.annotations.NullMarked;
