package dev.volokno.engine;

import dev.volokno.backend.EpollBackend;
import dev.volokno.backend.Sentry;
import org.junit.jupiter.api.Test;

class SentryRestTest {
    @Test
    void aWakeUpBeforeTheFirstSleepEndsIt() throws Exception {
        var backend = new EpollBackend();
        var sentry = new Sentry(backend);
        var rest = new SentryRest(sentry);
        rest.wakeUp();
        rest.await(-1);
        sentry.close();
        backend.close();
    }
}
