package dev.matriarch.agent.guard;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** An open watchdog: if nobody pings it for its timeout, it resets the machine. */
sealed interface WatchdogDevice {

  /** Seconds without a ping after which it fires. */
  void timeout(int seconds) throws IOException;

  void ping() throws IOException;

  /** Disarms and closes it. */
  void close() throws IOException;

  /** The protocol of the field's tests: bytes to a FIFO. Opening waits for whoever reads it. */
  final class Testing implements WatchdogDevice {
    private final FileChannel channel;

    private Testing(FileChannel channel) {
      this.channel = channel;
    }

    static WatchdogDevice open(Path device) throws IOException {
      return new Testing(FileChannel.open(device, StandardOpenOption.WRITE));
    }

    private void write(String text) throws IOException {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }

    @Override
    public void timeout(int seconds) throws IOException {
      write("Ctimeout=" + seconds + "\n");
    }

    @Override
    public void ping() throws IOException {
      write("1");
    }

    @Override
    public void close() throws IOException {
      try (channel) {
        write("V");
      }
    }
  }

  /** The kernel's: {@code /dev/watchdog}. */
  final class Kernel implements WatchdogDevice {
    private final Ioctl device;

    private Kernel(Ioctl device) {
      this.device = device;
    }

    static WatchdogDevice open(Path path) throws IOException {
      Ioctl device = Ioctl.open(path);
      try {
        device.support();
        return new Kernel(device);
      } catch (IOException e) {
        device.close();
        throw e;
      }
    }

    @Override
    public void timeout(int seconds) throws IOException {
      int granted = device.setTimeout(seconds);
      if (granted > seconds) {
        throw new IOException("it fires after %d s, not %d".formatted(granted, seconds));
      }
    }

    @Override
    public void ping() throws IOException {
      device.keepAlive();
    }

    /** The letter tells the driver that the end is wanted; without it, it would fire. */
    @Override
    public void close() throws IOException {
      try {
        device.write((byte) 'V');
      } finally {
        device.close();
      }
    }
  }
}
