package dev.volokno.fd;

import dev.volokno.CancelledException;
import dev.volokno.DeadlineException;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.fiber.Deadline;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ScatteringByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Objects;

/**
 * A stream of bytes over a descriptor: socket, serial port, terminal, pipe.
 *
 * <p>Every method parks the calling fiber until it is done, unless its name begins with {@code
 * try}; the loop goes on. All are cancellable, and the stream stays usable after a cancellation.
 * Several readers take turns in the order they came, and so do several writers; what one call reads
 * or writes is not torn apart by another. A direct buffer ({@link ByteBuffer#allocateDirect}) is
 * the fastest; the kernel never sees a buffer that could be freed under it.
 *
 * <p>There is one read side: bytes that {@link #readUntil} had to take from the kernel beyond the
 * delimiter are left over, and every way of reading serves them first.
 */
public abstract class ByteStream
        implements ByteChannel, ScatteringByteChannel, GatheringByteChannel {
    private final Fd fd;
    private final Descriptor descriptor;
    private final ReadSide reading;
    private final WriteSide writing;

    /**
     * A stream over {@code fd}, which it owns.
     *
     * @hidden for the kinds of this module
     */
    protected ByteStream(Fd fd) {
        this.fd = fd;
        descriptor = fd.descriptor();
        reading = new ReadSide(descriptor);
        writing = new WriteSide(descriptor);
        descriptor.buffersIn(reading::buffered);
    }

    /**
     * A stream over any descriptor that read(2) and write(2) serve; the stream owns it from now on.
     */
    public static ByteStream over(Fd fd) {
        return new PlainStream(fd);
    }

    private static final class PlainStream extends ByteStream {
        PlainStream(Fd fd) {
            super(fd);
        }
    }

    /**
     * The descriptor: readiness, ownership. Read through the stream, not past it: bytes may be left
     * over here.
     */
    public final Fd fd() {
        return fd;
    }

    // ---- reading

    /**
     * Reads some bytes, at least one if there is room.
     *
     * @return how many; -1 at the end of the stream; 0 only if the buffer has no room
     */
    @Override
    public final int read(ByteBuffer target) throws IOException {
        return reading.read(writable(target));
    }

    /**
     * Like {@link #read(ByteBuffer)}, for a limited time.
     *
     * @throws DeadlineException if it is over; nothing was read then
     */
    public final int read(ByteBuffer target, Duration timeout) throws IOException {
        return Deadline.within(timeout, () -> read(target));
    }

    @Override
    public final long read(ByteBuffer[] targets) throws IOException {
        return read(targets, 0, targets.length);
    }

    /**
     * Reads some bytes into the first of the buffers that has room, and into the next ones what can
     * be had at once.
     */
    @Override
    public final long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, targets.length);
        for (int i = offset; i < offset + length; i++) {
            writable(targets[i]);
        }
        return reading.read(targets, offset, length);
    }

    /**
     * Reads what is there, without a wait: 0 if there is nothing now or another fiber is reading,
     * -1 at the end.
     */
    public final int tryRead(ByteBuffer target) throws IOException {
        return reading.tryRead(writable(target));
    }

    /**
     * Fills the buffer.
     *
     * @throws EOFException if the stream ends before; what came is in the buffer
     * @throws CancelledException if cancelled before; what came is in the buffer, and counted in
     *     the exception
     */
    public final void readFully(ByteBuffer target) throws IOException {
        reading.readFully(writable(target));
    }

    /**
     * Reads up to and including the first {@code delimiter}. If that cannot be (cancelled, out of
     * time, no delimiter within the buffer's room) nothing is consumed: what came is left over for
     * the next read.
     *
     * @return how many bytes were put into the buffer, the delimiter among them; at the end of the
     *     stream the unterminated rest, and then -1
     * @throws LineTooLongException if as many bytes as the buffer has room for hold no delimiter,
     *     also at the end of the stream
     */
    public final int readUntil(ByteBuffer target, int delimiter) throws IOException {
        if (delimiter < 0 || delimiter > 0xff) {
            throw new IllegalArgumentException("a delimiter is one byte, not " + delimiter);
        }
        if (!writable(target).hasRemaining()) {
            throw new IllegalArgumentException("no room in " + target);
        }
        return reading.readUntil(target, (byte) delimiter);
    }

    /**
     * Like {@link #readUntil(ByteBuffer, int)}, for a limited time.
     *
     * @throws DeadlineException if it is over; nothing was consumed then
     */
    public final int readUntil(ByteBuffer target, int delimiter, Duration timeout)
            throws IOException {
        return Deadline.within(timeout, () -> readUntil(target, delimiter));
    }

    /**
     * Reads up to a silence of {@code gap}, for protocols whose frames end that way.
     *
     * @hidden for the kinds of this module
     */
    protected final int readUntilSilence(ByteBuffer target, Duration gap) throws IOException {
        if (!writable(target).hasRemaining()) {
            throw new IllegalArgumentException("no room in " + target);
        }
        return reading.readUntilSilence(target, gap);
    }

    /**
     * The lines from here on, without their ends ({@code \n} or {@code \r\n}); going on to the next
     * one parks. An {@link IOException} comes as {@link java.io.UncheckedIOException}.
     *
     * @param charset one in which a line ends with the byte 10, as all but UTF-16, UTF-32 and some
     *     of mainframes have it
     * @param max the longest line that is accepted, in bytes, its end included; so much memory is
     *     held while lines are read
     */
    public final Iterable<String> lines(Charset charset, int max) {
        Lines.check(charset, max);
        return () -> new Lines(this, charset, max);
    }

    /**
     * Takes out what is left over, so that the descriptor can be given away; empty if nothing is.
     */
    public final byte[] drainBuffered() throws IOException {
        return reading.drain();
    }

    // ---- writing

    /**
     * Writes all that remains in the buffer.
     *
     * @return how many bytes that were
     * @throws CancelledException if cancelled before; the buffer's position and the exception tell
     *     how far it got
     */
    @Override
    public final int write(ByteBuffer source) throws IOException {
        return writing.write(source);
    }

    /**
     * Like {@link #write(ByteBuffer)}, for a limited time.
     *
     * @throws DeadlineException if it is over; the buffer's position tells how far it got
     */
    public final int write(ByteBuffer source, Duration timeout) throws IOException {
        return Deadline.within(timeout, () -> write(source));
    }

    @Override
    public final long write(ByteBuffer[] sources) throws IOException {
        return write(sources, 0, sources.length);
    }

    /** Writes all that remains in the buffers. */
    @Override
    public final long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, sources.length);
        return writing.write(sources, offset, length);
    }

    /** Writes some bytes, at least one: waits for room, but not for all of it. */
    public final int writeSome(ByteBuffer source) throws IOException {
        return writing.writeSome(source);
    }

    /**
     * Writes what the kernel takes now, without a wait: 0 if it takes nothing or another fiber is
     * writing.
     */
    public final int tryWrite(ByteBuffer source) throws IOException {
        return writing.tryWrite(source);
    }

    /**
     * Hands everything to {@code target} until this stream ends; the target is not closed. Between
     * pipes and sockets of this library bulk data is moved within the kernel (splice(2)); between
     * others it is copied. What was read and could not be written, if that fails or is cancelled,
     * is left over for the next read.
     *
     * @return how many bytes
     * @throws CancelledException if cancelled before; it tells how many bytes were handed over
     */
    public final long transferTo(WritableByteChannel target) throws IOException {
        return reading.transferTo(target, Long.MAX_VALUE);
    }

    /**
     * Like {@link #transferTo(WritableByteChannel)}, but no more than {@code most} bytes: the next
     * ones are left for the next read.
     */
    public final long transferTo(WritableByteChannel target, long most) throws IOException {
        if (most < 0) {
            throw new IllegalArgumentException("nobody hands over " + most + " bytes");
        }
        return reading.transferTo(target, most);
    }

    // ---- as the JDK's streams

    /** This stream's read side as an {@link InputStream}; closing it closes the stream. */
    public final InputStream inputStream() {
        return new StreamViews.Input(this);
    }

    /**
     * This stream's write side as an {@link OutputStream}, unbuffered; closing it closes the
     * stream.
     */
    public final OutputStream outputStream() {
        return new StreamViews.Output(this);
    }

    // ---- life

    /**
     * Gives the open descriptor to the caller, who has to close it.
     *
     * @throws IllegalStateException if a call is in progress, or bytes are left over (see {@link
     *     #drainBuffered})
     */
    public final int release() throws IOException {
        return fd.release();
    }

    @Override
    public final boolean isOpen() {
        return fd.isOpen();
    }

    /** Closes the descriptor; see {@link Fd#close}. */
    @Override
    public void close() throws IOException {
        fd.close();
    }

    @Override
    public final String toString() {
        return fd.toString();
    }

    private static ByteBuffer writable(ByteBuffer target) {
        if (target.isReadOnly()) {
            throw new IllegalArgumentException("cannot read into a read-only buffer: " + target);
        }
        return target;
    }
}
