/** Callbacks in the place of fibers: a watch, a timer, a failure. See docs/callbacks.md. */
import module dev.volokno;

import dev.volokno.fd.Pipe;

void main() throws Exception {
    Loop.run(() -> {
        var loop = Loop.current();
        var pipe = Pipe.open();
        watch(loop, pipe.source());
        feed(loop, pipe.sink());
    }); // returns when the last watch and the last timer have ended
    failures();
}

void watch(Loop loop, ByteStream source) throws IOException {
    var buffer = ByteBuffer.allocateDirect(4096);
    loop.watch(
            source.fd(),
            Conditions.READABLE,
            ready -> {
                if (source.tryRead(buffer.clear()) < 0) {
                    source.close(); // ends the watch as well
                    return Conditions.NONE;
                }
                IO.println("received " + StandardCharsets.UTF_8.decode(buffer.flip()));
                return Conditions.READABLE;
            });
}

void feed(Loop loop, ByteStream sink) {
    var words = new ArrayDeque<>(List.of("one", "two", "three"));
    loop.after(
            Duration.ofMillis(5),
            () -> {
                var word = words.poll();
                if (word == null) {
                    // What may have to wait is a fiber's: here it is a farewell.
                    loop.submit(() -> bye(sink));
                    return TimerCallback.END;
                }
                sink.tryWrite(ByteBuffer.wrap(word.getBytes()));
                return Duration.ofMillis(5);
            });
}

void bye(ByteStream sink) throws IOException {
    sink.write(ByteBuffer.wrap("bye".getBytes()));
    sink.close();
}

void failures() throws Exception {
    var options =
            LoopOptions.defaults()
                    .withCallbackHandler(thrown -> IO.println("handled: " + thrown.getMessage()));
    Loop.run(
            options,
            () ->
                    Loop.current()
                            .after(
                                    Duration.ZERO,
                                    () -> {
                                        Fiber.sleep(Duration.ofMillis(1)); // refused
                                        return TimerCallback.END;
                                    }));
}
