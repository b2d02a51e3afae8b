import java.util.LinkedHashMap;
import java.util.Map;

/** One measured window: what the load generator printed, with the round and the server. */
record Run(int round, ServerKind server, int connections, Map<String, String> values) {

    static Run parse(int round, ServerKind server, int connections, String line) {
        var values = new LinkedHashMap<String, String>();
        for (String pair : line.strip().split(" ")) {
            int equals = pair.indexOf('=');
            values.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return new Run(round, server, connections, values);
    }

    double value(String key) {
        return Double.parseDouble(values.get(key));
    }

    long errors() {
        return Long.parseLong(values.get("errors"));
    }

    /**
     * Returns whether something else had too much of the two cores in the measured window. What
     * other processes used is sampled by the tick, so its limit is above that error.
     */
    boolean isDisturbed() {
        return value("load_waited_pct") > 2 || value("stolen_pct") > 2 || value("foreign_pct") > 10;
    }
}
