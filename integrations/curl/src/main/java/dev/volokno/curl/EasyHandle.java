package dev.volokno.curl;

import static java.lang.foreign.ValueLayout.ADDRESS;

import dev.volokno.foreign.CString;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A {@code CURL}, and what it needs as long as it lives: lists, and room for an error's words. */
final class EasyHandle {
    private final MemorySegment easy = Curl.easyInit();
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment error = arena.allocate(Curl.ERROR_SIZE);
    private MemorySegment headers = MemorySegment.NULL;
    private MemorySegment names = MemorySegment.NULL;

    MemorySegment pointer() {
        return easy;
    }

    void set(int option, long value) throws IOException {
        check(option, Curl.easySetopt(easy, option, value));
    }

    void set(int option, MemorySegment value) throws IOException {
        check(option, Curl.easySetopt(easy, option, value));
    }

    /** Sets a text, of which the library makes a copy. */
    void set(int option, String text) throws IOException {
        try (Arena texts = Arena.ofConfined()) {
            set(option, CString.of(texts, text));
        }
    }

    /** Sets what not every version knows. */
    boolean trySet(int option, long value) {
        return Curl.easySetopt(easy, option, value) == CurlCode.OK;
    }

    void setErrorBuffer() throws IOException {
        set(Curl.ERRORBUFFER, error);
    }

    void addHeader(String line) {
        headers = added(headers, line);
    }

    void addName(String line) {
        names = added(names, line);
    }

    private static MemorySegment added(MemorySegment list, String line) {
        try (Arena texts = Arena.ofConfined()) {
            return Curl.slistAppend(list, CString.of(texts, line));
        }
    }

    void setLists() throws IOException {
        if (headers.address() != 0) {
            set(Curl.HTTPHEADER, headers);
        }
        if (names.address() != 0) {
            set(Curl.RESOLVE, names);
        }
    }

    private static void check(int option, int code) throws IOException {
        if (code != CurlCode.OK) {
            throw CurlCode.failure(code, "option " + option + ": " + Curl.easyStrerror(code));
        }
    }

    /** The URL of the response; {@code otherwise} if the library has none. */
    String effectiveUrl(String otherwise) {
        try (Arena results = Arena.ofConfined()) {
            MemorySegment result = results.allocate(ADDRESS);
            int code = Curl.easyGetinfo(easy, Curl.INFO_EFFECTIVE_URL, result);
            return code == CurlCode.OK ? CString.at(result.get(ADDRESS, 0), otherwise) : otherwise;
        }
    }

    /** What the library says of a failure. */
    String wordsFor(int code) {
        String told = CString.at(error, "");
        return told.isBlank() ? Curl.easyStrerror(code) : told.strip();
    }

    void pause(int directions) {
        int code = Curl.easyPause(easy, directions);
        assert code == CurlCode.OK : CurlCode.told(code);
    }

    /** Frees it; no multi handle has it any more. */
    void free() {
        Curl.easyCleanup(easy);
        Curl.slistFreeAll(headers);
        Curl.slistFreeAll(names);
        arena.close();
    }
}
