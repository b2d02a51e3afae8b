package dev.volokno.net;

/** What an accepted connection is called in messages; put together when it is asked for. */
record PeerName(String kind, Object address) {
    @Override
    public String toString() {
        return kind + " " + address;
    }
}
