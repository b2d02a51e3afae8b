package dev.volokno.foreign;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SharedLibraryTest {
    @Test
    void aMissingLibraryIsAnErrorThatNamesThePackage() {
        var missing = SharedLibrary.of("libnowhere.so.7", "libnowhere7");
        assertThatThrownBy(() -> missing.load(() -> "7"))
                .isInstanceOf(LibraryMissingException.class)
                .hasMessage("libnowhere.so.7 cannot be loaded: apt-get install libnowhere7");
        assertThat(missing.version()).isEmpty();
    }

    @Test
    void aFunctionIsFoundOnceTheLibraryIsLoaded() throws Throwable {
        var libc = SharedLibrary.of("libc.so.6", "libc6");
        var type = FunctionDescriptor.of(JAVA_INT, JAVA_INT);
        assertThatThrownBy(() -> libc.function("abs", type))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("not loaded");
        libc.load(() -> "2.36");
        assertThat((int) libc.function("abs", type).invokeExact(-3)).isEqualTo(3);
        assertThatThrownBy(() -> libc.function("abs_of_nothing", type))
                .isInstanceOf(UnsatisfiedLinkError.class)
                .hasMessage("libc.so.6 has no abs_of_nothing");
    }

    @Test
    void anOlderVersionThanWorksIsRefused() {
        var libc = SharedLibrary.of("libc.so.6", "libc6").versions("2.31", "2.36");
        assertThatThrownBy(() -> libc.load(() -> "2.4.99"))
                .isInstanceOf(LibraryMissingException.class)
                .hasMessageContaining("2.4.99")
                .hasMessageContaining("2.31")
                .hasMessageContaining("apt-get install libc6");
    }

    @Test
    void aVersionThatWasNotTestedWorksAndIsTold() throws Exception {
        var libc = SharedLibrary.of("libc.so.6", "libc6").versions("2.31", "2.36", "2.41");
        libc.load(() -> "2.99");
        assertThat(libc.isTested()).isFalse();
        assertThat(libc.version()).contains("2.99");
        var known = SharedLibrary.of("libc.so.6", "libc6").versions("2.31", "2.36", "2.41");
        known.load(() -> "2.41");
        assertThat(known.isTested()).isTrue();
        assertThat(known).hasToString("libc.so.6 2.41");
    }

    @Test
    void versionsAreComparedByTheirNumbers() {
        assertThat(Versions.compare("2.0.11", "2.0.9")).isPositive();
        assertThat(Versions.compare("2.0", "2.0.0")).isZero();
        assertThat(Versions.compare("1.27.0-DEV", "1.27")).isZero();
        assertThat(Versions.compare("libcurl/7.88.1", "7.88.1")).isZero();
        assertThat(Versions.compare("15.3", "15.10")).isNegative();
    }

    @Test
    void textIsCopiedToCAndBack() {
        try (var arena = Arena.ofConfined()) {
            var text = CString.of(arena, "čaj");
            assertThat(text.byteSize()).isEqualTo(5);
            assertThat(CString.at(MemorySegment.ofAddress(text.address()))).contains("čaj");
            assertThat(CString.bytes(MemorySegment.ofAddress(text.address()), 2)).hasSize(2);
            assertThat(CString.bytes(MemorySegment.NULL, 0)).isEmpty();
            assertThat(CString.at(MemorySegment.NULL)).isEmpty();
            assertThat(CString.of(arena, Optional.empty())).isEqualTo(MemorySegment.NULL);
            assertThatThrownBy(() -> CString.of(arena, "a\0b"))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(CString.of(arena, "\ud83d\ude00").byteSize()).isEqualTo(5);
            for (String half : List.of("a\ud83d", "a\ud83db", "a\ude00")) {
                assertThatThrownBy(() -> CString.of(arena, half))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("half a character at 1");
            }
        }
    }

    @Test
    void aPointerToAMethodThatIsNotThereIsRefused() {
        try (var arena = Arena.ofConfined()) {
            var upcalls = new Upcalls(arena);
            assertThatThrownBy(() ->
                            upcalls.pointer(
                                    java.lang.invoke.MethodHandles.lookup(),
                                    this,
                                    "nothing",
                                    FunctionDescriptor.ofVoid(ADDRESS)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("nothing(MemorySegment)void");
        }
    }
}
