package dev.volokno.curl;

import dev.volokno.support.HeaderCheck;
import org.junit.jupiter.api.Test;

/** The numbers of the binding are those of {@code <curl/curl.h>}. */
class CurlHeadersTest {
    @Test
    void everyNumberIsThatOfTheHeaders() throws Exception {
        HeaderCheck.of("libcurl4-openssl-dev", "curl/curl.h")
                .numbers(Curl.class, "CURLOPT_", CURL)
                .numbers(CurlCode.class, "CURLE_", "")
                .assumed(Curl.IN, "CURL_CSELECT_IN")
                .assumed(Curl.OUT, "CURL_CSELECT_OUT")
                .assumed(0, "offsetof(CURLMsg, msg)")
                .check();
    }

    private static final String CURL =
            """
            MULTI_MAX_HOST_CONNECTIONS = CURLMOPT_MAX_HOST_CONNECTIONS
            MULTI_SOCKETFUNCTION = CURLMOPT_SOCKETFUNCTION
            MULTI_TIMERFUNCTION = CURLMOPT_TIMERFUNCTION
            INFO_EFFECTIVE_URL = CURLINFO_EFFECTIVE_URL
            PROTO_HTTP_AND_HTTPS = CURLPROTO_HTTP | CURLPROTO_HTTPS
            ERROR_SIZE = CURL_ERROR_SIZE
            SOCKET_TIMEOUT = CURL_SOCKET_TIMEOUT
            WRITE_PAUSE = CURL_WRITEFUNC_PAUSE
            READ_PAUSE = CURL_READFUNC_PAUSE
            READ_ABORT = CURL_READFUNC_ABORT
            SEEK_OK = CURL_SEEKFUNC_OK
            SEEK_CANNOT = CURL_SEEKFUNC_CANTSEEK
            PAUSE_RECEIVING = CURLPAUSE_RECV
            PAUSE_SENDING = CURLPAUSE_SEND
            IN = CURL_POLL_IN
            OUT = CURL_POLL_OUT
            POLL_REMOVE = CURL_POLL_REMOVE
            MESSAGE_DONE = CURLMSG_DONE
            MESSAGE_EASY = offsetof(CURLMsg, easy_handle)
            MESSAGE_RESULT = offsetof(CURLMsg, data.result)
            MESSAGE_SIZE = sizeof(CURLMsg)
            GLOBAL_ALL = CURL_GLOBAL_ALL
            """;
}
