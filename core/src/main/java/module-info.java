/**
 * Code that reads like blocking code, in fibers on an event loop, over every kind of Linux file
 * descriptor.
 *
 * <p>Start with {@link dev.volokno.loop.Loop#run Loop.run}; inside it {@link
 * dev.volokno.fiber.Fiber Fiber} starts more fibers, and the packages {@code fd}, {@code file},
 * {@code net}, {@code process} and {@code tty} hold one class per kind of descriptor. The packages
 * that are not exported are the machinery: {@code engine} (scheduler), {@code backend} (epoll,
 * io_uring) and {@code linux} (the C side).
 */
module dev.volokno {
    requires static org.jspecify;

    exports dev.volokno;
    exports dev.volokno.fd;
    exports dev.volokno.fiber;
    exports dev.volokno.file;
    exports dev.volokno.foreign;
    exports dev.volokno.loop;
    exports dev.volokno.net;
    exports dev.volokno.process;
    exports dev.volokno.testing;
    exports dev.volokno.tty;
}
