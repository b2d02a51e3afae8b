package dev.volokno.tty;

/** What a port may be opened with besides its settings. */
public enum SerialOption {
    /**
     * Takes the lock file by which programs keep off each other's ports, {@code
     * /var/lock/LCK..ttyUSB0} with the process's number in it, and removes it at the end. One whose
     * process is gone is taken over. Needs the right to write there.
     */
    LOCK_FILE,
    /** Refuses further opens of the device by {@code EBUSY}, but for root's ({@code TIOCEXCL}). */
    EXCLUSIVE,
    /**
     * Has the driver hand over each character as it comes instead of many after a while ({@code
     * ASYNC_LOW_LATENCY}); FTDI adapters wait 16 ms otherwise. The former state comes back at the
     * end. Drivers that cannot refuse the opening.
     */
    LOW_LATENCY
}
