package dev.volokno.process;

import dev.volokno.backend.Kernel;
import dev.volokno.linux.Arch;
import dev.volokno.linux.Memory;
import dev.volokno.linux.SysMman;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * The signal handler, as machine code. Java cannot run in a signal handler, and a handler of
 * another kind would need a library of C. It makes one raw write(2) per listener: async-signal-safe
 * (signal-safety(7)), with no errno, no lock, and no use of the thread it happens to run on. The
 * assembler's text stands beside its test.
 *
 * <p>It reads a block of memory that {@link SignalHandlers} writes:
 *
 * <pre>
 *   0              how many threads are in the handler now
 *   8 + 8 * n      the first listener of signal n, or 0
 *
 *   a listener:    0   the next one, or 0
 *                  8   the descriptor that gets the siginfo_t
 *                  16  how many did not fit into it
 * </pre>
 */
final class HandlerCode {
    private static final int PAGE = 4096;

    private static final String X86_64 =
            "f30f1efa 53 49b80000000000000000 f049ff00 89ff 498b5cf808"
                    + "4885db 741e 8b7b08 ba80000000 b801000000 0f05"
                    + "4885c0 7905 f048ff4310 488b1b ebdd"
                    + "f049ff08 5b c3";

    private static final int X86_64_BLOCK = 7;

    private static final String AARCH64 =
            "5f2403d5 69030058 2afd5fc8 4a050091 2afd0bc8 abffff35 bf3b03d5 2c4d208b 8c0540f9"
                    + "ac0100b4 800940b9 021080d2 080880d2 010000d4"
                    + "c000f8b6 8d410091 aafd5fc8 4a050091 aafd0bc8 abffff35 8c0140f9 f4ffff17"
                    + "2afd5fc8 4a0500d1 2afd0bc8 abffff35 c0035fd6"
                    + "1f2003d5 0000000000000000";

    private static final int AARCH64_BLOCK = 112;

    private HandlerCode() {}

    /** The instructions for a block at {@code block}. */
    static byte[] of(Arch arch, long block) {
        boolean x86 = arch.equals(Arch.X86_64);
        byte[] code = HexFormat.of().parseHex((x86 ? X86_64 : AARCH64).replace(" ", ""));
        ByteBuffer.wrap(code)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(x86 ? X86_64_BLOCK : AARCH64_BLOCK, block);
        return code;
    }

    /** Puts it where it can be run, and not be written any more: its address, for good. */
    static long install(MemorySegment errno, long block) throws IOException {
        long page = SysMman.mapAnonymous(errno, PAGE);
        if (page < 0) {
            throw Kernel.failure("mmap", page, "a page for the signal handler");
        }
        Memory.at(page, PAGE).copyFrom(MemorySegment.ofArray(of(Arch.CURRENT, block)));
        int readAndRun = SysMman.PROT_READ | SysMman.PROT_EXEC;
        // The kernel makes instruction caches see a page that becomes executable.
        int result = SysMman.protect(errno, page, PAGE, readAndRun);
        if (result < 0) {
            SysMman.unmap(errno, page, PAGE);
            throw Kernel.failure("mprotect", result, "the page of the signal handler");
        }
        return page;
    }
}
