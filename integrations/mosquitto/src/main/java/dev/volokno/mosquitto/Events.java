package dev.volokno.mosquitto;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.volokno.foreign.CString;
import dev.volokno.foreign.Upcalls;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What libmosquitto calls back. Messages and acknowledgements are passed on; what concerns the
 * connection is kept for who looks after the call.
 */
final class Events {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    private final Outbox outbox;
    private final Subscriptions subscriptions;
    private final AtomicLong connections;

    private int count;
    private boolean answered;
    private int answer;
    private boolean sessionPresent;
    private int disconnectReason;

    Events(Outbox outbox, Subscriptions subscriptions, AtomicLong connections) {
        this.outbox = outbox;
        this.subscriptions = subscriptions;
        this.connections = connections;
    }

    /** Has {@code handle} call back here. */
    void listenTo(MemorySegment handle, Upcalls upcalls) {
        var segment = MemorySegment.class;
        set(handle, upcalls, "connect", List.of(int.class, int.class));
        set(handle, upcalls, "disconnect", List.of(int.class));
        set(handle, upcalls, "publish", List.of(int.class, int.class));
        set(handle, upcalls, "message", List.of(segment, segment));
        set(handle, upcalls, "subscribe", List.of(int.class, int.class, segment));
    }

    /** Has {@code handle} tell of all it does, which takes it a little time. */
    void listenToLog(MemorySegment handle, Upcalls upcalls) {
        var parameters = List.<Class<?>>of(int.class, MemorySegment.class);
        MethodHandle target =
                MethodHandles.dropArguments(
                        method("log", parameters), 0, MemorySegment.class, MemorySegment.class);
        var type = FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, JAVA_INT, ADDRESS);
        Libmosquitto.onEvent(handle, "log_callback_set", upcalls.pointer(target, type));
    }

    /**
     * The method that an event is named after takes what comes between the handle and the user's
     * pointer at the beginning and the properties at the end, which are passed over.
     */
    private void set(
            MemorySegment handle, Upcalls upcalls, String event, List<Class<?>> interesting) {
        var type = FunctionDescriptor.ofVoid(ADDRESS, ADDRESS);
        for (Class<?> one : interesting) {
            MemoryLayout layout = one == int.class ? JAVA_INT : ADDRESS;
            type = type.appendArgumentLayouts(layout);
        }
        MethodHandle target = method(event, interesting);
        if (!event.equals("message")) {
            type = type.appendArgumentLayouts(ADDRESS);
            target = MethodHandles.dropArguments(target, interesting.size(), MemorySegment.class);
        }
        target = MethodHandles.dropArguments(target, 0, MemorySegment.class, MemorySegment.class);
        Libmosquitto.onEvent(handle, event + "_v5_callback_set", upcalls.pointer(target, type));
    }

    private MethodHandle method(String event, List<Class<?>> parameters) {
        try {
            return LOOKUP.bind(this, event, MethodType.methodType(void.class, parameters));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(event, e);
        }
    }

    // ---- callbacks

    void connect(int code, int flags) {
        count++;
        answered = true;
        answer = code;
        if (code == 0) {
            // Before anybody can have a message over it.
            connections.incrementAndGet();
        }
        sessionPresent = (flags & 1) != 0;
    }

    void disconnect(int code) {
        count++;
        disconnectReason = code;
    }

    void publish(int id, int code) {
        count++;
        outbox.delivered(id, code);
    }

    void message(MemorySegment message, MemorySegment properties) {
        count++;
        subscriptions.came(message, properties);
    }

    void log(int level, MemorySegment line) {
        subscriptions.duplicates().logged(CString.at(line, ""));
    }

    void subscribe(int id, int granted, MemorySegment codes) {
        count++;
        assert granted == 1;
        subscriptions.answered(id, CString.reach(codes, Integer.BYTES).get(JAVA_INT, 0));
    }

    // ---- what they have told

    /** Changes whenever something is called back. */
    int count() {
        return count;
    }

    /** A connection is made: what was told of the one before is of no use. */
    void forget() {
        answered = false;
        disconnectReason = 0;
    }

    /** Whether the broker has answered to the connection since this was asked last. */
    boolean takeAnswered() {
        boolean taken = answered;
        answered = false;
        return taken;
    }

    /** What it answered: 0 if it accepts. */
    int answer() {
        return answer;
    }

    boolean isSessionPresent() {
        return sessionPresent;
    }

    /** Why the broker has ended the connection, in MQTT 5; 0 if it did not say. */
    int disconnectReason() {
        return disconnectReason;
    }
}
