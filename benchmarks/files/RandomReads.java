import com.sun.nio.file.ExtendedOpenOption;
import dev.volokno.fiber.Scope;
import dev.volokno.file.OpenOptions;
import dev.volokno.file.RegularFile;
import dev.volokno.loop.Loop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;

/** Random reads of 4 KiB, so many at the same time. */
final class RandomReads {
    private static final int BLOCK = 4096;
    private static final Pattern IOPS = Pattern.compile("\"iops\" : ([0-9.]+)");

    private final Path file;
    private final boolean direct;
    private final int depth;
    private final int seconds;
    private final long blocks;

    RandomReads(Path file, boolean direct, int depth, int seconds) {
        this.file = file;
        this.direct = direct;
        this.depth = depth;
        this.seconds = seconds;
        blocks = file.toFile().length() / BLOCK;
    }

    static Path fill(Path file, long bytes) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocateDirect(1 << 20);
        try (var channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (long at = 0; at < bytes; at += chunk.capacity()) {
                new SplittableRandom(at).ints(64).forEach(i -> chunk.putInt(i & 0xffffc, i));
                channel.write(chunk.clear(), at);
            }
            channel.force(true);
        }
        return file;
    }

    boolean isDirect() {
        return direct;
    }

    Map<String, FileBench.Contender> all() {
        Map<String, FileBench.Contender> all = new LinkedHashMap<>();
        all.put("volokno, fibers", this::fibers);
        all.put("FileChannel, virtual threads", () -> channel(Thread.ofVirtual().factory()));
        all.put("FileChannel, threads", () -> channel(Thread.ofPlatform().factory()));
        all.put("fio, io_uring", this::fio);
        return all;
    }

    private double fibers() throws Exception {
        var count = new long[1];
        Loop.run(() -> {
            OpenOptions options = direct ? OpenOptions.read().direct() : OpenOptions.read();
            try (RegularFile open = RegularFile.open(file, options)) {
                long end = end();
                Scope.run(scope -> {
                    for (int i = 0; i < depth; i++) {
                        var random = new SplittableRandom(i);
                        scope.fork(() -> {
                            ByteBuffer target = open.directBuffer(BLOCK);
                            while (System.nanoTime() < end) {
                                open.read(target.clear(), random.nextLong(blocks) * BLOCK);
                                count[0]++;
                            }
                        });
                    }
                    return true;
                });
            }
        });
        return (double) count[0] / seconds;
    }

    private long end() {
        return System.nanoTime() + seconds * 1_000_000_000L;
    }

    private double channel(ThreadFactory threads) throws Exception {
        var count = new LongAdder();
        OpenOption[] options =
                direct
                        ? new OpenOption[] {StandardOpenOption.READ, ExtendedOpenOption.DIRECT}
                        : new OpenOption[] {StandardOpenOption.READ};
        try (FileChannel channel = FileChannel.open(file, options)) {
            long end = end();
            var running = new Thread[depth];
            for (int i = 0; i < depth; i++) {
                var random = new SplittableRandom(i);
                running[i] = threads.newThread(() -> read(channel, random, end, count));
                running[i].start();
            }
            for (Thread thread : running) {
                thread.join();
            }
        }
        return (double) count.sum() / seconds;
    }

    private void read(FileChannel channel, SplittableRandom random, long end, LongAdder count) {
        ByteBuffer target = ByteBuffer.allocateDirect(2 * BLOCK).alignedSlice(BLOCK);
        try {
            long done = 0;
            while (System.nanoTime() < end) {
                channel.read(target.clear().limit(BLOCK), random.nextLong(blocks) * BLOCK);
                done++;
            }
            count.add(done);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private double fio() throws Exception {
        String told =
                FileBench.program(
                        "fio",
                        "--name=r",
                        "--filename=" + file,
                        "--rw=randread",
                        "--bs=4k",
                        "--ioengine=io_uring",
                        "--iodepth=" + depth,
                        "--direct=" + (direct ? 1 : 0),
                        "--invalidate=0",
                        "--time_based",
                        "--runtime=" + seconds,
                        "--output-format=json");
        var iops = IOPS.matcher(told);
        if (!iops.find()) {
            throw new IOException("fio says no IOPS: " + told);
        }
        return Double.parseDouble(iops.group(1));
    }
}
