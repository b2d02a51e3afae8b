// Event rate of DirectoryWatcher beside the JDK's WatchService and directory-watcher: the same
// bursts of changes in the same tree, interleaved. How to run it: ../README.md

import com.sun.management.OperatingSystemMXBean;
import dev.volokno.file.DirectoryWatcher;
import dev.volokno.file.WatchOptions;
import dev.volokno.loop.Loop;
import java.lang.management.ManagementFactory;

static final int DIRECTORIES = 100;
static final int FILES = 25;

void main(String[] args) throws Exception {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 6;
    int bursts = args.length > 1 ? Integer.parseInt(args[1]) : 20;
    var root = Files.createTempDirectory("watch-bench");
    try {
        for (int i = 0; i < DIRECTORIES; i++) {
            Files.createDirectory(root.resolve("d" + i));
        }
        IO.println("%d directories, bursts of %d files made, written and removed in each"
                .formatted(DIRECTORIES, FILES));
        IO.println("watcher             events   events/s  us CPU/event");
        for (int round = 1; round <= rounds; round++) {
            IO.println("round " + round);
            run("volokno", new OfVolokno(), root, bursts);
            run("WatchService", new OfJdk(), root, bursts);
            run("directory-watcher", new OfMethvin(), root, bursts);
        }
    } finally {
        delete(root);
    }
}

/** A watcher of a tree, which counts what it is told. */
interface Watched extends AutoCloseable {
    /** Begins; {@code counted} gets the path of each event. */
    void watch(Path root, Consumer<Path> counted) throws Exception;
}

/** Counts events, and knows when the last one has come. */
static final class Counter implements Consumer<Path> {
    final AtomicLong events = new AtomicLong();
    volatile CountDownLatch done = new CountDownLatch(1);

    @Override
    public void accept(Path path) {
        events.incrementAndGet();
        if (path.getFileName().toString().startsWith("end")) {
            done.countDown();
        }
    }
}

void run(String name, Watched watcher, Path root, int bursts) throws Exception {
    var counter = new Counter();
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    try (watcher) {
        watcher.watch(root, counter);
        burst(root, counter, -1); // what is done once
        counter.events.set(0);
        long cpu = system.getProcessCpuTime();
        long begun = System.nanoTime();
        for (int i = 0; i < bursts; i++) {
            burst(root, counter, i);
        }
        long nanos = System.nanoTime() - begun;
        long events = counter.events.get();
        cpu = system.getProcessCpuTime() - cpu;
        IO.println("%-17s %8d %10.0f %13.1f"
                .formatted(name, events, events * 1e9 / nanos, cpu / 1e3 / events));
    }
}

/** Fewer events than the kernel's queue holds; returns when the last one was told. */
void burst(Path root, Counter counter, int number) throws Exception {
    counter.done = new CountDownLatch(1);
    for (int d = 0; d < DIRECTORIES; d++) {
        var directory = root.resolve("d" + d);
        for (int f = 0; f < FILES; f++) {
            Files.writeString(directory.resolve("f" + f), "x");
        }
        for (int f = 0; f < FILES; f++) {
            Files.delete(directory.resolve("f" + f));
        }
    }
    var end = Files.createFile(root.resolve("end" + number));
    if (!counter.done.await(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the last event has not come");
    }
    Files.delete(end);
}

static final class OfVolokno implements Watched {
    private Loop loop;

    @Override
    public void watch(Path root, Consumer<Path> counted) throws Exception {
        loop = Loop.start();
        var ready = new CountDownLatch(1);
        loop.submit(() -> {
            try (var watcher = DirectoryWatcher.open(root, WatchOptions.wholeTree())) {
                ready.countDown();
                for (var event : watcher) {
                    counted.accept(event.path());
                }
            }
        });
        ready.await();
    }

    @Override
    public void close() {
        loop.close();
    }
}

static final class OfJdk implements Watched {
    private WatchService service;

    @Override
    public void watch(Path root, Consumer<Path> counted) throws Exception {
        service = root.getFileSystem().newWatchService();
        try (var all = Files.walk(root)) {
            for (var directory : all.filter(Files::isDirectory).toList()) {
                directory.register(
                        service,
                        StandardWatchEventKinds.ENTRY_CREATE,
                        StandardWatchEventKinds.ENTRY_MODIFY,
                        StandardWatchEventKinds.ENTRY_DELETE);
            }
        }
        Thread.ofPlatform().daemon().start(() -> take(counted));
    }

    private void take(Consumer<Path> counted) {
        try {
            while (true) {
                var key = service.take();
                for (var event : key.pollEvents()) {
                    if (event.context() instanceof Path name) {
                        counted.accept(((Path) key.watchable()).resolve(name));
                    }
                }
                key.reset();
            }
        } catch (InterruptedException | ClosedWatchServiceException closed) {
            return;
        }
    }

    @Override
    public void close() throws IOException {
        service.close();
    }
}

static final class OfMethvin implements Watched {
    private io.methvin.watcher.DirectoryWatcher watcher;

    @Override
    public void watch(Path root, Consumer<Path> counted) throws Exception {
        watcher =
                io.methvin.watcher.DirectoryWatcher.builder()
                        .path(root)
                        .fileHashing(false)
                        .listener(event -> counted.accept(event.path()))
                        .build();
        watcher.watchAsync();
    }

    @Override
    public void close() throws IOException {
        watcher.close();
    }
}

static void delete(Path root) throws IOException {
    try (var all = Files.walk(root)) {
        for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(path);
        }
    }
}
