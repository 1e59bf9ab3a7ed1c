package dev.matriarch.testbed;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * A Unix socket in the shape of {@link Socket}, as far as pgjdbc uses it. Reads keep to the
 * time-out, since a frozen server accepts a connection and then never says a word.
 */
final class LocalSocket extends Socket {
  private final Path path;
  private SocketChannel channel;
  private Selector readable;
  private volatile int timeoutMillis;

  LocalSocket(Path path) {
    this.path = path;
  }

  @Override
  public void connect(SocketAddress ignored) throws IOException {
    connect(ignored, 0);
  }

  /** The address and the time-out are the driver's idea; a Unix socket answers at once. */
  @Override
  public void connect(SocketAddress ignored, int millis) throws IOException {
    channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
    channel.configureBlocking(false);
    readable = Selector.open();
    channel.register(readable, SelectionKey.OP_READ);
  }

  @Override
  public boolean isConnected() {
    return channel != null;
  }

  @Override
  public boolean isClosed() {
    return channel != null && !channel.isOpen();
  }

  @Override
  public InputStream getInputStream() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
        int count = channel.read(buffer);
        while (count == 0 && length > 0) {
          if (readable.select(timeoutMillis) == 0) {
            throw new SocketTimeoutException("no answer within " + timeoutMillis + " ms");
          }
          readable.selectedKeys().clear();
          count = channel.read(buffer);
        }
        return count;
      }
    };
  }

  @Override
  public OutputStream getOutputStream() {
    return new OutputStream() {
      @Override
      public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
        try (Selector writable = Selector.open()) {
          channel.register(writable, SelectionKey.OP_WRITE);
          while (buffer.hasRemaining()) {
            if (channel.write(buffer) == 0 && writable.select(timeoutMillis) == 0) {
              throw new SocketTimeoutException("not taken within " + timeoutMillis + " ms");
            }
            writable.selectedKeys().clear();
          }
        }
      }
    };
  }

  @Override
  public void setSoTimeout(int millis) {
    timeoutMillis = millis;
  }

  @Override
  public int getSoTimeout() {
    return timeoutMillis;
  }

  @Override
  public void setTcpNoDelay(boolean on) {
    // A Unix socket delays nothing.
  }

  @Override
  public void setKeepAlive(boolean on) {
    // A Unix socket needs none.
  }

  @Override
  public int getSendBufferSize() {
    return 64 * 1024;
  }

  @Override
  public void shutdownOutput() throws IOException {
    channel.shutdownOutput();
  }

  @Override
  public synchronized void close() throws IOException {
    if (channel != null) {
      readable.close();
      channel.close();
    }
  }
}
