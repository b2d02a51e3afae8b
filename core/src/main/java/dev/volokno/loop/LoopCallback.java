package dev.volokno.loop;

import dev.volokno.engine.Callback;
import dev.volokno.engine.LoopTask;
import dev.volokno.fiber.Scope;

/** A callback in a loop's own scope. */
abstract class LoopCallback extends Callback {
    private final Loop loop;
    private final Scope scope;

    LoopCallback(Loop loop, Scope scope) {
        super(loop.engine());
        this.loop = loop;
        this.scope = scope;
    }

    /** Lets it live in its scope, and has it wait for the first time. */
    final Registration begin() {
        scope.keptBy(this);
        engine().execute(new Begin());
        return new Registration(this, scope);
    }

    /** On the loop: waits for the next time; {@link #disarm} follows at once if it has ended. */
    abstract void arm();

    @Override
    protected final void failed(Throwable thrown) {
        loop.callbackFailed(thrown);
    }

    @Override
    protected final void released() {
        scope.leftBy(this);
    }

    private final class Begin implements LoopTask {
        @Override
        public void runOnLoop() {
            if (!isEnded()) {
                arm();
            }
        }

        @Override
        public void abandoned() {
            end();
        }
    }
}
