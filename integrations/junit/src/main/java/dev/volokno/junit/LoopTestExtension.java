package dev.volokno.junit;

import dev.volokno.testing.FaultPlan;
import dev.volokno.testing.TestLoop;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/** Runs each invocation of a {@link LoopTest} in a test loop with a seed of its own. */
public final class LoopTestExtension implements TestTemplateInvocationContextProvider {
    private static final String SEED_PROPERTY = "volokno.test.seed";

    /** For JUnit. */
    public LoopTestExtension() {}

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return context.getRequiredTestMethod().isAnnotationPresent(LoopTest.class);
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
            ExtensionContext context) {
        LoopTest wanted = context.getRequiredTestMethod().getAnnotation(LoopTest.class);
        return seeds(wanted.seeds()).mapToObj(seed -> new Invocation(wanted, seed));
    }

    private static LongStream seeds(int count) {
        Long only = Long.getLong(SEED_PROPERTY);
        return only != null
                ? LongStream.of(only)
                : ThreadLocalRandom.current().ints(count).asLongStream();
    }

    private record Invocation(LoopTest wanted, long seed)
            implements TestTemplateInvocationContext, InvocationInterceptor {
        @Override
        public String getDisplayName(int index) {
            return "seed " + seed;
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(this);
        }

        @Override
        public void interceptTestTemplateMethod(
                InvocationInterceptor.Invocation<Void> method,
                ReflectiveInvocationContext<Method> invocation,
                ExtensionContext context)
                throws Throwable {
            loop().run(() -> {
                try {
                    method.proceed();
                } catch (Exception | Error thrown) {
                    throw thrown;
                } catch (Throwable other) {
                    throw new AssertionError(other);
                }
            });
        }

        private TestLoop loop() {
            TestLoop loop =
                    TestLoop.create()
                            .withSeed(seed)
                            .withBackend(wanted.backend())
                            .withPatience(Duration.ofMillis(wanted.patienceMillis()));
            return wanted.benignFaults() ? loop.withFaults(FaultPlan.benign()) : loop;
        }
    }
}
