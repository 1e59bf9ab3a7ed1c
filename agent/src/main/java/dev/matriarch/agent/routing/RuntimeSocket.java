package dev.matriarch.agent.routing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A command socket of HAProxy, of a process that serves or of the master that keeps it: one
 * connection for one line of commands, within a budget.
 */
final class RuntimeSocket {
  private static final int ANSWER_LIMIT = 1 << 24;
  private static final long CONNECT_RETRY_NANOS = 2_000_000;

  private final Path path;
  private final boolean patient;

  private RuntimeSocket(Path path, boolean patient) {
    this.path = requireNonNull(path, "path is null");
    this.patient = patient;
  }

  /** Of the process that serves. */
  RuntimeSocket(Path path) {
    this(path, false);
  }

  /** Of the master, which begins itself anew now and then, and does not listen for that moment. */
  static RuntimeSocket ofMaster(Path path) {
    return new RuntimeSocket(path, true);
  }

  /** Sends commands, which HAProxy does in their order, and returns all that it says. */
  String send(String commands, Duration budget) throws IOException {
    long end = System.nanoTime() + budget.toNanos();
    try (SocketChannel channel = connected(end);
        Selector selector = Selector.open()) {
      SelectionKey key = channel.register(selector, SelectionKey.OP_WRITE);
      ByteBuffer line = ByteBuffer.wrap((commands + "\n").getBytes(UTF_8));
      while (line.hasRemaining()) {
        if (channel.write(line) == 0) {
          await(selector, end);
        }
      }
      // The master would wait for more.
      channel.shutdownOutput();
      key.interestOps(SelectionKey.OP_READ);
      ByteBuffer answer = ByteBuffer.allocate(8192);
      while (true) {
        int count = channel.read(answer);
        if (count < 0) {
          return new String(answer.array(), 0, answer.position(), UTF_8);
        }
        if (count == 0) {
          await(selector, end);
        }
        answer = roomy(answer);
      }
    }
  }

  private static ByteBuffer roomy(ByteBuffer buffer) throws IOException {
    if (buffer.hasRemaining()) {
      return buffer;
    }
    if (buffer.capacity() >= ANSWER_LIMIT) {
      throw new IOException("its answer does not end");
    }
    return ByteBuffer.allocate(buffer.capacity() * 2).put(buffer.flip());
  }

  private SocketChannel connected(long end) throws IOException {
    while (true) {
      SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        channel.configureBlocking(false);
        if (channel.connect(UnixDomainSocketAddress.of(path))) {
          return channel;
        }
        channel.close();
      } catch (IOException e) {
        channel.close();
        // A full queue of connections says so at once; everything else is final.
        if (!patient && !String.valueOf(e.getMessage()).contains("temporarily unavailable")) {
          throw e;
        }
      }
      if (System.nanoTime() - end >= 0) {
        throw new SocketTimeoutException("it takes no connection");
      }
      LockSupport.parkNanos(CONNECT_RETRY_NANOS);
    }
  }

  private static void await(Selector selector, long end) throws IOException {
    long left = (end - System.nanoTime() + 999_999) / 1_000_000;
    if (left <= 0) {
      throw new SocketTimeoutException("it does not answer");
    }
    selector.select(left);
    selector.selectedKeys().clear();
    if (Thread.currentThread().isInterrupted()) {
      throw new IOException("interrupted");
    }
  }
}
