// A JVM that waits for nothing, beside which the servers' idle time is to be seen.

void main() throws Exception {
    IO.println("ready");
    Thread.currentThread().join();
}
