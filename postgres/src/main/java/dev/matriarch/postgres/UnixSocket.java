package dev.matriarch.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * A {@link Socket} over a Unix domain socket whose reads and writes honour {@link #setSoTimeout}.
 * The JDK's channel has no timeout and its socket adaptor no Unix addresses, hence the selector.
 */
final class UnixSocket extends Socket {
  private static final long CONNECT_RETRY_NANOS = 2_000_000;

  private final Path path;
  private final Input input = new Input();
  private final Output output = new Output();
  private SocketChannel channel;
  private Selector reading;
  private Selector writing;
  private volatile int timeoutMillis;
  private volatile boolean closed;

  UnixSocket(Path path) {
    this.path = path;
  }

  /** The given address is ignored: this socket knows only its path. */
  @Override
  public void connect(SocketAddress ignored, int timeout) throws IOException {
    connectWithin(timeout);
  }

  @Override
  public void connect(SocketAddress ignored) throws IOException {
    connectWithin(0);
  }

  void connectWithin(int timeout) throws IOException {
    long end = System.nanoTime() + timeout * 1_000_000L;
    while (true) {
      SocketChannel fresh = SocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        fresh.configureBlocking(false);
        if (fresh.connect(UnixDomainSocketAddress.of(path))) {
          adopt(fresh);
          return;
        }
        fresh.close();
      } catch (IOException e) {
        fresh.close();
        // A full accept queue answers EAGAIN at once; everything else is final.
        if (!String.valueOf(e.getMessage()).contains("temporarily unavailable")) {
          throw e;
        }
      }
      if (timeout > 0 && System.nanoTime() - end >= 0) {
        throw new SocketTimeoutException(path + " takes no connection");
      }
      if (Thread.currentThread().isInterrupted()) {
        throw new SocketException(path + ": interrupted");
      }
      LockSupport.parkNanos(CONNECT_RETRY_NANOS);
    }
  }

  private void adopt(SocketChannel fresh) throws IOException {
    channel = fresh;
    reading = Selector.open();
    writing = Selector.open();
    fresh.register(reading, SelectionKey.OP_READ);
    fresh.register(writing, SelectionKey.OP_WRITE);
  }

  @Override
  public InputStream getInputStream() {
    return input;
  }

  @Override
  public OutputStream getOutputStream() {
    return output;
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
  public boolean isConnected() {
    return channel != null;
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public boolean isBound() {
    return channel != null;
  }

  @Override
  public void close() throws IOException {
    closed = true;
    if (channel != null) {
      channel.close();
      reading.close();
      writing.close();
    }
  }

  @Override
  public SocketAddress getRemoteSocketAddress() {
    return InetSocketAddress.createUnresolved("localhost", 0);
  }

  @Override
  public InetAddress getInetAddress() {
    return InetAddress.getLoopbackAddress();
  }

  // What only TCP has: accepted and without effect, the driver sets them unasked.
  @Override
  public void setTcpNoDelay(boolean on) {}

  @Override
  public void setKeepAlive(boolean on) {}

  @Override
  public boolean getTcpNoDelay() {
    return true;
  }

  @Override
  public int getReceiveBufferSize() {
    return 8192;
  }

  @Override
  public int getSendBufferSize() {
    return 8192;
  }

  @Override
  public void setReceiveBufferSize(int size) {}

  @Override
  public void setSendBufferSize(int size) {}

  @Override
  public String toString() {
    return "unix:" + path;
  }

  private void await(Selector selector, String what) throws IOException {
    int limit = timeoutMillis;
    long end = System.nanoTime() + limit * 1_000_000L;
    while (true) {
      if (closed) {
        throw new SocketException(path + " is closed");
      }
      long left = (end - System.nanoTime() + 999_999) / 1_000_000;
      if (limit > 0 && left <= 0) {
        throw new SocketTimeoutException(path + ": " + what + " took over " + limit + " ms");
      }
      try {
        boolean ready = selector.select(limit > 0 ? left : 0) > 0;
        selector.selectedKeys().clear();
        if (ready) {
          return;
        }
      } catch (ClosedSelectorException e) {
        throw new SocketException(path + " is closed", e);
      }
      if (Thread.currentThread().isInterrupted()) {
        throw new SocketException(path + ": interrupted");
      }
    }
  }

  private final class Input extends InputStream {
    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
      int count = channel.read(buffer);
      while (count == 0) {
        await(reading, "an answer");
        count = channel.read(buffer);
      }
      return count;
    }

    @Override
    public void close() throws IOException {
      UnixSocket.this.close();
    }
  }

  private final class Output extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
      while (buffer.hasRemaining()) {
        if (channel.write(buffer) == 0) {
          await(writing, "taking a request");
        }
      }
    }

    @Override
    public void close() throws IOException {
      UnixSocket.this.close();
    }
  }
}
