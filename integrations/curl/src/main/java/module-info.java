/**
 * HTTP by the C library libcurl: {@link dev.volokno.curl.CurlClient} makes any number of requests
 * on the loop, with bodies that are streams.
 */
module dev.volokno.curl {
    requires transitive dev.volokno;
    requires static org.jspecify;

    exports dev.volokno.curl;
}
