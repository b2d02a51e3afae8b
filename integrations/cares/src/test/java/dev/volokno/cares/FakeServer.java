package dev.volokno.cares;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Takes questions by UDP, and answers what no server of repute would; an empty answer is none. */
final class FakeServer implements AutoCloseable {
    static final byte[] SILENCE = {};
    private static final int HEADER = 12;

    private final DatagramSocket socket;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final AtomicInteger questions = new AtomicInteger();

    private FakeServer(DatagramSocket socket, UnaryOperator<byte[]> answer) {
        this.socket = socket;
        Thread.ofPlatform().daemon().name("fake-dns").start(() -> serve(answer));
    }

    static FakeServer start(UnaryOperator<byte[]> answer) throws IOException {
        var address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        return new FakeServer(new DatagramSocket(address), answer);
    }

    private void serve(UnaryOperator<byte[]> answer) {
        try {
            while (true) {
                var packet = new DatagramPacket(new byte[1500], 1500);
                socket.receive(packet);
                questions.incrementAndGet();
                byte[] said = answer.apply(Arrays.copyOf(packet.getData(), packet.getLength()));
                if (said != SILENCE) {
                    socket.send(new DatagramPacket(said, said.length, packet.getSocketAddress()));
                }
            }
        } catch (SocketException closed) {
            ended.complete(null);
        } catch (IOException e) {
            ended.completeExceptionally(e);
        }
    }

    InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    int questions() {
        return questions.get();
    }

    CaresOptions options() {
        return CaresOptions.defaults().withServers(address()).withoutHostsFile().withDomains();
    }

    @Override
    public void close() {
        socket.close();
        ended.join();
    }

    // ---- answers

    /** An answer without a record, of this code. */
    static byte[] code(byte[] question, int code) {
        byte[] answer = question.clone();
        answer[2] = (byte) 0x81;
        answer[3] = (byte) (0x80 | code);
        return answer;
    }

    /** An answer with one record of the type that was asked for. */
    static byte[] record(byte[] question, byte[] data) {
        byte[] answer = Arrays.copyOf(code(question, 0), question.length + HEADER + data.length);
        answer[7] = 1;
        byte[] record = {
            (byte) 0xc0,
            HEADER,
            question[question.length - 4],
            question[question.length - 3],
            0,
            1,
            0,
            0,
            0,
            1,
            0,
            (byte) data.length
        };
        System.arraycopy(record, 0, answer, question.length, record.length);
        System.arraycopy(data, 0, answer, question.length + record.length, data.length);
        return answer;
    }

    static boolean asksIpv4(byte[] question) {
        return question[question.length - 3] == 1;
    }
}
