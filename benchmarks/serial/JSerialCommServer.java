// Answers requests of eight bytes on each serial port by jSerialComm's listeners.
// Usage: JSerialCommServer PORT...     (prints "ready")

import com.fazecast.jSerialComm.SerialPort;
import com.fazecast.jSerialComm.SerialPortDataListener;
import com.fazecast.jSerialComm.SerialPortEvent;

void main(String[] ports) throws Exception {
    for (var path : ports) {
        var port = SerialPort.getCommPort(path);
        port.setBaudRate(115_200);
        if (!port.openPort()) {
            throw new IOException("cannot open " + path);
        }
        port.addDataListener(new Answering(port));
    }
    IO.println("ready");
    Thread.currentThread().join();
}

/** The load asks for no more than eight bytes at a time. */
record Answering(SerialPort port) implements SerialPortDataListener {
    @Override
    public int getListeningEvents() {
        return SerialPort.LISTENING_EVENT_DATA_AVAILABLE;
    }

    @Override
    public void serialEvent(SerialPortEvent event) {
        int available = port.bytesAvailable();
        if (available > 0) {
            var bytes = new byte[available];
            int count = port.readBytes(bytes, available);
            port.writeBytes(bytes, count);
        }
    }
}
