/** What the load generator shall do to a server. */
record LoadPlan(int connections, int bytes, double seconds, double warmup) {}
