package dev.volokno.backend;

import java.lang.foreign.MemorySegment;

/** A wait for a descriptor that is not ours; see {@link ForeignSet}. */
public final class ForeignPoll extends Operation implements ForeignWait {
    private final ForeignSet set;
    private final int foreignNumber;
    private final int events;

    public ForeignPoll(ForeignSet set, int foreignNumber, int events) {
        super(null);
        this.set = set;
        this.foreignNumber = foreignNumber;
        this.events = events;
    }

    @Override
    public int foreignNumber() {
        return foreignNumber;
    }

    @Override
    public void found(long result) {
        complete(result);
    }

    @Override
    public String call() {
        return "poll";
    }

    @Override
    public int readiness() {
        return events;
    }

    @Override
    public long attempt(MemorySegment errno) {
        throw new AssertionError("a foreign descriptor is waited for in its set");
    }

    @Override
    public long submitTo(Backend backend) {
        return set.submit(this);
    }

    @Override
    public void cancelIn(Backend backend) {
        set.cancel(this);
    }
}
