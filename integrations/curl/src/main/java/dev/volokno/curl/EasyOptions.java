package dev.volokno.curl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.volokno.foreign.CString;
import dev.volokno.foreign.Upcalls;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What every handle of a client is told, and what a transfer's request wants; the callbacks of
 * transfers, which have their number as their argument.
 */
final class EasyOptions {
    private static final Set<String> OWN_HEADERS = Set.of("accept", "expect");

    private final CurlOptions options;
    private final CurlMulti multi;
    private final MemorySegment onBody;
    private final MemorySegment onHeader;
    private final MemorySegment onRead;
    private final MemorySegment onSeek;

    EasyOptions(CurlOptions options, CurlMulti multi, Upcalls upcalls) {
        this.options = options;
        this.multi = multi;
        var lookup = MethodHandles.lookup();
        var data = FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG);
        var seek = FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
        onBody = upcalls.pointer(lookup, this, "bodyCame", data);
        onHeader = upcalls.pointer(lookup, this, "headerCame", data);
        onRead = upcalls.pointer(lookup, this, "bodyWanted", data);
        onSeek = upcalls.pointer(lookup, this, "rewound", seek);
    }

    // ---- callbacks from C

    @SuppressWarnings("UnusedMethod") // found by its name
    private long bodyCame(MemorySegment bytes, long size, long count, long id) {
        long length = size * count;
        Optional<Transfer> transfer = multi.transferOf(id);
        if (transfer.isEmpty()) {
            return 0;
        }
        boolean taken = length == 0 || transfer.get().take(CString.bytes(bytes, length));
        return taken ? length : Curl.WRITE_PAUSE;
    }

    @SuppressWarnings("UnusedMethod") // found by its name
    private long headerCame(MemorySegment line, long size, long count, long id) {
        byte[] bytes = CString.bytes(line, size * count);
        multi.transferOf(id).ifPresent(transfer -> transfer.takeLine(bytes));
        return size * count;
    }

    @SuppressWarnings("UnusedMethod") // found by its name
    private long bodyWanted(MemorySegment room, long size, long count, long id) {
        return multi.transferOf(id)
                .map(transfer -> transfer.give(CString.reach(room, size * count)))
                .orElse(Curl.READ_ABORT);
    }

    @SuppressWarnings("UnusedMethod") // found by its name
    private int rewound(long id, long offset, int unusedOrigin) {
        return multi.transferOf(id)
                .map(transfer -> transfer.rewind(offset))
                .orElse(Curl.SEEK_CANNOT);
    }

    // ---- a handle

    /** Makes the handle of {@code transfer}, for the library that knows {@code names} already. */
    EasyHandle open(Transfer transfer, Optional<String> names) throws IOException {
        var handle = new EasyHandle();
        try {
            writeCommon(handle);
            writeCallbacks(handle);
            writeRequest(handle, transfer.request());
            names.ifPresent(handle::addName);
            handle.setLists();
            return handle;
        } catch (IOException | RuntimeException | Error e) {
            handle.free();
            throw e;
        }
    }

    private void writeCommon(EasyHandle handle) throws IOException {
        handle.set(Curl.NOSIGNAL, 1);
        handle.set(Curl.PROTOCOLS, Curl.PROTO_HTTP_AND_HTTPS);
        handle.set(Curl.REDIR_PROTOCOLS, Curl.PROTO_HTTP_AND_HTTPS);
        handle.set(Curl.SUPPRESS_CONNECT_HEADERS, 1);
        handle.set(Curl.CONNECTTIMEOUT_MS, options.connectMillis());
        handle.setErrorBuffer();
        // New in 7.87: the end of a transfer does not wait for the thread that looks its name up.
        handle.trySet(Curl.QUICK_EXIT, 1);
        if (options.authorities().isPresent()) {
            handle.set(Curl.CAINFO, options.authorities().get());
        }
        if (options.proxy().isPresent()) {
            handle.set(Curl.PROXY, options.proxy().get());
        }
    }

    private void writeCallbacks(EasyHandle handle) throws IOException {
        MemorySegment id = handle.pointer();
        handle.set(Curl.WRITEFUNCTION, onBody);
        handle.set(Curl.WRITEDATA, id);
        handle.set(Curl.HEADERFUNCTION, onHeader);
        handle.set(Curl.HEADERDATA, id);
        handle.set(Curl.READFUNCTION, onRead);
        handle.set(Curl.READDATA, id);
        handle.set(Curl.SEEKFUNCTION, onSeek);
        handle.set(Curl.SEEKDATA, id);
    }

    private static void writeRequest(EasyHandle handle, CurlRequest request) throws IOException {
        handle.set(Curl.URL, request.uri().toASCIIString());
        writeMethod(handle, request.method(), request.body());
        for (CurlRequest.Header header : request.headers()) {
            handle.addHeader(line(header));
        }
        if (request.method().equals("POST") && !request.hasHeader("Content-Type")) {
            // Else it would be said to be a form.
            handle.addHeader("Content-Type:");
        }
        if (request.redirects() > 0) {
            handle.set(Curl.FOLLOWLOCATION, 1);
            handle.set(Curl.MAXREDIRS, request.redirects());
        }
        if (request.timeout().isPresent()) {
            handle.set(Curl.TIMEOUT_MS, request.timeout().get().toMillis());
        }
    }

    /** A line as the library wants it: with nothing after the colon it takes out its own. */
    private static String line(CurlRequest.Header header) {
        boolean own = OWN_HEADERS.contains(header.name().toLowerCase(Locale.ROOT));
        String nothing = own ? ":" : ";";
        return header.name() + (header.value().isEmpty() ? nothing : ": " + header.value());
    }

    private static void writeMethod(EasyHandle handle, String method, CurlRequest.Body body)
            throws IOException {
        long length = body.length().orElse(-1);
        if (method.equals("POST")) {
            handle.set(Curl.POST, 1);
            handle.set(Curl.POSTFIELDSIZE_LARGE, length);
            return;
        }
        boolean put = method.equals("PUT");
        boolean head = method.equals("HEAD") && !body.isThere();
        if (put || body.isThere()) {
            handle.set(Curl.UPLOAD, 1);
            handle.set(Curl.INFILESIZE_LARGE, length);
        } else if (head) {
            handle.set(Curl.NOBODY, 1);
        }
        boolean plainGet = method.equals("GET") && !body.isThere();
        if (!put && !head && !plainGet) {
            handle.set(Curl.CUSTOMREQUEST, method);
        }
    }
}
