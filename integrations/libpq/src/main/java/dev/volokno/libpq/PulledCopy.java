package dev.volokno.libpq;

/** The data of a {@code COPY TO STDOUT}. */
final class PulledCopy extends Pulled<byte[]> {
    private boolean begun;

    PulledCopy(Query query) {
        super(query);
    }

    @Override
    boolean beginCopyOut() {
        begun = true;
        return true;
    }

    @Override
    void data(byte[] row) {
        add(row, row.length);
    }

    @Override
    void result(PqResult result) {
        if (!begun) {
            fail(new IllegalArgumentException("is no COPY ... TO STDOUT: " + query()));
        }
    }
}
