package dev.volokno.curl;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/** How libcurl says that a transfer went: 0, or one of these numbers among many. */
final class CurlCode {
    static final int OK = 0;
    private static final int COULDNT_RESOLVE_PROXY = 5;
    private static final int COULDNT_RESOLVE_HOST = 6;
    private static final int COULDNT_CONNECT = 7;
    private static final int OPERATION_TIMEDOUT = 28;
    private static final int SSL_CONNECT_ERROR = 35;
    private static final int SSL_CERTPROBLEM = 58;
    private static final int SSL_CIPHER = 59;
    private static final int PEER_FAILED_VERIFICATION = 60;
    private static final int SSL_CACERT_BADFILE = 77;

    private CurlCode() {}

    /** The library's words for a code, and its number. */
    static String told(int code) {
        return Curl.easyStrerror(code) + " (curl " + code + ")";
    }

    /** What to throw for a code: Java's own exception where there is one. */
    static IOException failure(int code, String message) {
        String told = message + " (curl " + code + ")";
        return switch (code) {
            case COULDNT_RESOLVE_HOST, COULDNT_RESOLVE_PROXY -> new UnknownHostException(told);
            case COULDNT_CONNECT -> new ConnectException(told);
            case OPERATION_TIMEDOUT -> new SocketTimeoutException(told);
            case SSL_CONNECT_ERROR, PEER_FAILED_VERIFICATION -> new SSLHandshakeException(told);
            case SSL_CERTPROBLEM, SSL_CIPHER, SSL_CACERT_BADFILE -> new SSLException(told);
            default -> new CurlException(told, code);
        };
    }
}
