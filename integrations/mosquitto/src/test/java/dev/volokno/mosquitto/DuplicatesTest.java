package dev.volokno.mosquitto;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DuplicatesTest {
    private static final int NUMBER = 7;
    private static final Message ONE = Message.of("a, b", "one");
    private static final Message OTHER = Message.of("a, b", "other");

    private final Duplicates duplicates = new Duplicates("me");

    private void came(boolean repeated, int qos) {
        duplicates.logged(
                "Client me received PUBLISH (d%d, q%d, r0, m%d, 'a, b', ... (5 bytes))"
                        .formatted(repeated ? 1 : 0, qos, NUMBER));
    }

    private boolean isNew(Message message) {
        return duplicates.isNew(NUMBER, message);
    }

    @Test
    void whatCameOnceIsNewAlsoIfItIsTheSame() {
        came(false, 2);
        assertThat(isNew(ONE)).isTrue();
        came(false, 2);
        assertThat(isNew(ONE)).isTrue();
        assertThat(duplicates.takeStuck()).isFalse();
    }

    @Test
    void aCopyBesideTheOneThatIsThereIsNewOnce() {
        came(false, 2);
        came(true, 2);
        assertThat(isNew(ONE)).isTrue();
        assertThat(isNew(ONE)).isFalse();
        assertThat(duplicates.takeStuck()).isFalse();
    }

    @Test
    void aCopyOfWhatWasPassedOnIsNotNew() {
        came(false, 2);
        assertThat(isNew(ONE)).isTrue();
        came(true, 2);
        assertThat(isNew(ONE)).isFalse();
        assertThat(duplicates.takeStuck()).isFalse();
    }

    @Test
    void aRepetitionOfWhatNeverCameIsNew() {
        came(true, 2);
        assertThat(isNew(ONE)).isTrue();
        came(true, 2);
        assertThat(isNew(OTHER)).isTrue();
    }

    @Test
    void anotherMessageBehindALeftOverCopyIsToBeReleasedOnceMore() {
        came(false, 2);
        came(true, 2);
        assertThat(isNew(ONE)).isTrue();
        came(false, 2);
        assertThat(isNew(ONE)).isFalse();
        assertThat(duplicates.takeStuck()).isTrue();
        assertThat(duplicates.takeStuck()).isFalse();
        assertThat(isNew(OTHER)).isTrue();
    }

    @Test
    void severalCopiesOfOneAreNoReasonToAskAgain() {
        came(false, 2);
        came(true, 2);
        came(true, 2);
        assertThat(isNew(ONE)).isTrue();
        assertThat(isNew(ONE)).isFalse();
        assertThat(duplicates.takeStuck()).isFalse();
    }

    @Test
    void aLeftOverCopyIsKnownAfterManyOthers() {
        came(false, 2);
        came(true, 2);
        assertThat(isNew(ONE)).isTrue();
        for (int i = 100; i < 10_000; i++) {
            duplicates.logged(
                    "Client me received PUBLISH (d0, q2, r0, m" + i + ", 't', ... (5 bytes))");
            assertThat(duplicates.isNew(i, OTHER)).isTrue();
        }
        assertThat(isNew(ONE)).isFalse();
    }

    @Test
    void otherLinesAndOtherClientsAreOfNoInterest() {
        came(false, 1);
        duplicates.logged("Client me received PUBREL (Mid: 7)");
        duplicates.logged("Client you received PUBLISH (d0, q2, r0, m7, 't', ... (5 bytes))");
        assertThat(isNew(ONE)).isTrue();
        assertThat(isNew(ONE)).isTrue();
    }
}
