package dev.volokno.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.fd.BorrowedFd;
import dev.volokno.fd.Fd;
import dev.volokno.fd.Pipe;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.TestLibc;
import java.nio.channels.ClosedChannelException;

/** What is kept past its loop's end and used in the thread's next loop. */
class EndedLoopTest {
    @EachConfiguration
    void aBorrowedDescriptorOfAnEndedLoopIsRefusedInTheNext(Configuration configuration)
            throws Exception {
        int[] ends = TestLibc.socketpair();
        var kept = new BorrowedFd[1];
        configuration.run(() -> kept[0] = Fd.borrow(ends[0]));
        configuration.run(() -> {
            assertThatThrownBy(kept[0]::awaitReadable).isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(kept[0]::awaitWritable).isInstanceOf(ClosedChannelException.class);
            kept[0].close();
            thisLoopWorks();
        });
        for (int end : ends) {
            assertThat(TestLibc.close(end)).isZero();
        }
    }

    @EachConfiguration
    void aStreamOfAnEndedLoopIsRefusedInTheNext(Configuration configuration) throws Exception {
        var kept = new Pipe[1];
        configuration.run(() -> kept[0] = Pipe.open());
        configuration.run(() -> {
            assertThatThrownBy(() -> Bytes.read(kept[0].source()))
                    .isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(() -> kept[0].sink().write(Bytes.of("late")))
                    .isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(() -> kept[0].source().fd().awaitReadable())
                    .isInstanceOf(ClosedChannelException.class);
            kept[0].close();
            thisLoopWorks();
        });
    }

    @EachConfiguration
    void nothingMovesToAnEndedLoop(Configuration configuration) throws Exception {
        var ended = new Loop[1];
        configuration.run(() -> ended[0] = Loop.current());
        configuration.run(() -> {
            try (Pipe pipe = Pipe.open()) {
                assertThatThrownBy(() -> pipe.source().fd().moveTo(ended[0]))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("ended");
                pipe.sink().write(Bytes.of("stayed"));
                assertThat(Bytes.read(pipe.source())).isEqualTo("stayed");
            }
        });
    }

    private static void thisLoopWorks() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            pipe.sink().write(Bytes.of("works"));
            assertThat(Bytes.read(pipe.source())).isEqualTo("works");
        }
    }
}
