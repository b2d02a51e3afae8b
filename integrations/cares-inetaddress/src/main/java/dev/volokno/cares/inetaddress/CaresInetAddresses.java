package dev.volokno.cares.inetaddress;

import dev.volokno.cares.CaresOptions;
import dev.volokno.cares.CaresResolver;
import dev.volokno.foreign.Answer;
import dev.volokno.loop.Loop;
import dev.volokno.loop.LoopOptions;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Look-ups for the whole process, all by one resolver on a loop of its own. */
final class CaresInetAddresses implements InetAddressResolver {
    private final CaresOptions options;
    private final InetAddressResolver builtin;
    private @Nullable CompletableFuture<CaresResolver> opened;

    CaresInetAddresses(CaresOptions options, InetAddressResolver builtin) {
        this.options = options;
        this.builtin = builtin;
    }

    @Override
    public Stream<InetAddress> lookupByName(String host, LookupPolicy policy)
            throws UnknownHostException {
        try {
            return ordered(resolve(host, policy.characteristics()), policy.characteristics());
        } catch (UnknownHostException e) {
            throw e;
        } catch (IOException e) {
            throw unknown(host, e);
        }
    }

    private List<InetAddress> resolve(String host, int wanted) throws IOException {
        boolean v4 = (wanted & LookupPolicy.IPV4) != 0;
        boolean v6 = (wanted & LookupPolicy.IPV6) != 0;
        if (v4 && v6) {
            return resolver().resolve(host);
        }
        return resolver()
                .resolve(host, v4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
    }

    /** Without a word in the policy it is the resolver's order. */
    private static Stream<InetAddress> ordered(List<InetAddress> found, int wanted) {
        boolean v4First = (wanted & LookupPolicy.IPV4_FIRST) != 0;
        boolean v6First = (wanted & LookupPolicy.IPV6_FIRST) != 0;
        return v4First == v6First
                ? found.stream()
                : found.stream()
                        .sorted(
                                Comparator.comparing(
                                        one -> one instanceof Inet4Address != v4First));
    }

    @Override
    public String lookupByAddress(byte[] address) throws UnknownHostException {
        InetAddress numbers = InetAddress.getByAddress(address);
        try {
            return resolver().nameOf(numbers);
        } catch (UnknownHostException e) {
            throw e;
        } catch (IOException e) {
            throw unknown(numbers.getHostAddress(), e);
        }
    }

    private static UnknownHostException unknown(String what, IOException why) {
        var unknown = new UnknownHostException(what + ": " + why.getMessage());
        unknown.initCause(why);
        return unknown;
    }

    // ---- the resolver's loop

    private CaresResolver resolver() throws IOException {
        try {
            return opening().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof IOException why ? why : new IOException(e.getCause());
        }
    }

    private synchronized CompletableFuture<CaresResolver> opening() {
        CompletableFuture<CaresResolver> known = opened;
        // One that has failed is tried again: the library may have been installed meanwhile.
        if (known == null || known.isCompletedExceptionally()) {
            known = new CompletableFuture<>();
            opened = known;
            start(known);
        }
        return known;
    }

    private void start(CompletableFuture<CaresResolver> told) {
        Thread.ofPlatform()
                .daemon()
                .name("volokno-cares")
                .start(() -> {
                    try {
                        Loop.run(loopOptions(), () -> serve(told));
                    } catch (Throwable t) {
                        told.completeExceptionally(t);
                    }
                });
    }

    /** Confined where that can be; a program that was told of no flag gets its names as well. */
    private static LoopOptions loopOptions() {
        boolean open = Object.class.getModule().isOpen("java.lang", Loop.class.getModule());
        return open ? LoopOptions.defaults() : LoopOptions.unconfined();
    }

    private void serve(CompletableFuture<CaresResolver> told) throws IOException {
        try (var resolver = CaresResolver.open(options)) {
            told.complete(resolver);
            new Answer<Boolean>("the end of the process").await();
        }
    }

    @Override
    public String toString() {
        return "c-ares at " + options + " instead of " + builtin;
    }
}
