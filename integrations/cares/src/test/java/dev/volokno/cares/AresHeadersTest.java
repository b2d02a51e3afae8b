package dev.volokno.cares;

import dev.volokno.support.HeaderCheck;
import org.junit.jupiter.api.Test;

/** The numbers of the binding are those of {@code <ares.h>}. */
class AresHeadersTest {
    @Test
    void everyNumberIsThatOfTheHeaders() throws Exception {
        HeaderCheck check =
                HeaderCheck.of(
                                "libc-ares-dev",
                                "ares.h",
                                "arpa/nameser.h",
                                "netdb.h",
                                "netinet/in.h",
                                "sys/time.h")
                        .numbers(Ares.class, "ARES_", ARES)
                        .numbers(Decoding.class, "", DECODING)
                        .numbers(Status.class, "ARES_", "")
                        .assumed(0, "offsetof(struct hostent, h_name)")
                        .assumed(0, "offsetof(struct ares_srv_reply, next)")
                        .assumed(0, "offsetof(struct ares_txt_ext, next)")
                        .assumed(16, "sizeof(struct timeval)")
                        .assumed(0, "offsetof(struct timeval, tv_sec)")
                        .assumed(8, "offsetof(struct timeval, tv_usec)");
        for (int status = Status.SUCCESS; status <= Status.ECANCELLED; status++) {
            check.assumed(status, Status.nameOf(status));
        }
        check.check();
    }

    private static final String ARES =
            """
            FLAGS = offsetof(struct ares_options, flags)
            TIMEOUT = offsetof(struct ares_options, timeout)
            TRIES = offsetof(struct ares_options, tries)
            NDOTS = offsetof(struct ares_options, ndots)
            DOMAINS = offsetof(struct ares_options, domains)
            NDOMAINS = offsetof(struct ares_options, ndomains)
            LOOKUPS = offsetof(struct ares_options, lookups)
            SOCK_STATE_CB = offsetof(struct ares_options, sock_state_cb)
            RESOLVCONF_PATH = offsetof(struct ares_options, resolvconf_path)
            OPTIONS_SIZE = sizeof(struct ares_options)
            SERVER_NEXT = offsetof(struct ares_addr_port_node, next)
            SERVER_FAMILY = offsetof(struct ares_addr_port_node, family)
            SERVER_ADDR = offsetof(struct ares_addr_port_node, addr)
            SERVER_UDP_PORT = offsetof(struct ares_addr_port_node, udp_port)
            SERVER_TCP_PORT = offsetof(struct ares_addr_port_node, tcp_port)
            SERVER_SIZE = sizeof(struct ares_addr_port_node)
            HINTS_FLAGS = offsetof(struct ares_addrinfo_hints, ai_flags)
            HINTS_FAMILY = offsetof(struct ares_addrinfo_hints, ai_family)
            HINTS_SOCKTYPE = offsetof(struct ares_addrinfo_hints, ai_socktype)
            HINTS_SIZE = sizeof(struct ares_addrinfo_hints)
            AF_UNSPEC = AF_UNSPEC
            AF_INET = AF_INET
            AF_INET6 = AF_INET6
            SOCK_STREAM = SOCK_STREAM
            CLASS_IN = ns_c_in
            TYPE_TXT = ns_t_txt
            TYPE_SRV = ns_t_srv
            """;

    private static final String DECODING =
            """
            NODES = offsetof(struct ares_addrinfo, nodes)
            FAMILY = offsetof(struct ares_addrinfo_node, ai_family)
            ADDR = offsetof(struct ares_addrinfo_node, ai_addr)
            NEXT = offsetof(struct ares_addrinfo_node, ai_next)
            NODE_SIZE = sizeof(struct ares_addrinfo_node)
            IN_ADDR = offsetof(struct sockaddr_in, sin_addr)
            IN6_ADDR = offsetof(struct sockaddr_in6, sin6_addr)
            IN6_SCOPE = offsetof(struct sockaddr_in6, sin6_scope_id)
            IN6_SIZE = sizeof(struct sockaddr_in6)
            SRV_HOST = offsetof(struct ares_srv_reply, host)
            SRV_PRIORITY = offsetof(struct ares_srv_reply, priority)
            SRV_WEIGHT = offsetof(struct ares_srv_reply, weight)
            SRV_PORT = offsetof(struct ares_srv_reply, port)
            SRV_SIZE = sizeof(struct ares_srv_reply)
            TXT_BYTES = offsetof(struct ares_txt_ext, txt)
            TXT_LENGTH = offsetof(struct ares_txt_ext, length)
            TXT_START = offsetof(struct ares_txt_ext, record_start)
            TXT_SIZE = sizeof(struct ares_txt_ext)
            """;
}
