package dev.volokno.curl;

import dev.volokno.fiber.Channel;
import dev.volokno.foreign.Answer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.AsynchronousCloseException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A request and its response, between the driver's fiber, which alone has the handle, and whoever
 * reads and writes.
 */
final class Transfer {
    /** Of at most 16 KiB each, as the library hands them out. */
    private static final int CHUNKS = 8;

    private final CurlRequest request;
    private final Optional<Upload> upload;
    private final Answer<Boolean> began;
    private final Channel<byte[]> received = Channel.bounded(CHUNKS);

    // Written by the driver's fiber, read by any thread.
    private volatile @Nullable Response response;
    private volatile @Nullable Supplier<IOException> failure;
    private volatile boolean isFull;

    // The driver's fiber.
    private final Head head;
    private @Nullable EasyHandle handle;
    private boolean isSendingPaused;

    /** What a response begins with. */
    record Response(int status, Map<String, List<String>> headers, String url) {}

    Transfer(CurlRequest request) {
        this.request = request;
        began = new Answer<>("the response to " + request);
        head = new Head(request.redirects() > 0);
        upload = upload(request.body());
    }

    private static Optional<Upload> upload(CurlRequest.Body body) {
        return body.isThere()
                ? Optional.of(
                        body.bytes().isPresent()
                                ? new Upload.OfBytes(body.bytes().get())
                                : new Upload.Streamed())
                : Optional.empty();
    }

    CurlRequest request() {
        return request;
    }

    Optional<Upload> upload() {
        return upload;
    }

    Channel<byte[]> received() {
        return received;
    }

    /** Whether the library holds something back, and half of the room is free again. */
    boolean isToBeResumed() {
        return isFull && received.size() <= CHUNKS / 2;
    }

    /** Waits for the head. */
    Response await() throws IOException {
        began.<IOException>await();
        Response come = response;
        if (come == null) {
            throw failure().orElseGet(AsynchronousCloseException::new);
        }
        return come;
    }

    /** What it ended by, if that was no success; made anew, with the frames of whoever asks. */
    Optional<IOException> failure() {
        Supplier<IOException> known = failure;
        return known == null ? Optional.empty() : Optional.of(known.get());
    }

    // ---- the driver's fiber: callbacks

    void begin(EasyHandle given) {
        handle = given;
    }

    /** The handle; none before the beginning and after the end. */
    Optional<EasyHandle> handle() {
        return Optional.ofNullable(handle);
    }

    /** Takes a line of a head. */
    void takeLine(byte[] bytes) {
        if (handle != null && head.take(new String(bytes, StandardCharsets.ISO_8859_1))) {
            String url = handle.effectiveUrl(request.uri().toString());
            response = new Response(head.status(), head.headers(), url);
            began.give(true);
        }
    }

    /** Takes bytes of the body; false if there is no room, and they are to be offered again. */
    boolean take(byte[] bytes) {
        if (received.trySend(bytes)) {
            return true;
        }
        // Said before the last try: whoever receives after it sees that.
        isFull = true;
        boolean taken = received.trySend(bytes);
        isFull = !taken;
        return taken;
    }

    /** Copies bytes of the request's body: what the library's callback returns. */
    long give(MemorySegment room) {
        int length = upload.isPresent() ? upload.get().read(room) : 0;
        isSendingPaused = length == Upload.NOT_YET;
        return isSendingPaused ? Curl.READ_PAUSE : length;
    }

    int rewind(long offset) {
        boolean done = offset == 0 && upload.isPresent() && upload.get().rewind();
        return done ? Curl.SEEK_OK : Curl.SEEK_CANNOT;
    }

    // ---- the driver's fiber: what users say

    /** There is room again. */
    void resumeReceiving() {
        if (handle != null && isFull) {
            isFull = false;
            handle.pause(isSendingPaused ? Curl.PAUSE_SENDING : 0);
        }
    }

    /** There is more of the body, or its end. */
    void resumeSending() {
        if (handle != null && isSendingPaused) {
            isSendingPaused = false;
            handle.pause(isFull ? Curl.PAUSE_RECEIVING : 0);
        }
    }

    // ---- the driver's fiber: the end

    /** The library is done with it. */
    void end(int code, String words) {
        if (code != CurlCode.OK) {
            failure = () -> CurlCode.failure(code, request + ": " + words);
        } else if (response == null) {
            failure = () -> new CurlException(request + ": no response", code);
        }
        finish();
    }

    /** It ends because the client or the exchange was closed, or by {@code why}. */
    void abandon(Optional<Throwable> why) {
        failure =
                () ->
                        why.isPresent()
                                ? new IOException(request + ": " + why.get(), why.get())
                                : new AsynchronousCloseException();
        finish();
    }

    private void finish() {
        handle = null;
        received.close();
        if (upload.isPresent() && upload.get() instanceof Upload.Streamed streamed) {
            streamed.chunks().close();
        }
        began.give(true);
    }
}
