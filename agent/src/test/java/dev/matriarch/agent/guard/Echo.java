package dev.matriarch.agent.guard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A server in a namespace that answers each byte with the same, and its clients. */
final class Echo implements AutoCloseable {

  /** A packet that is dropped is never answered: so long is never, between two ends on one host. */
  private static final int NEVER_MS = 250;

  private final ServerSocket server;
  private final List<Socket> sockets = new ArrayList<>();

  /** To be called on a thread of the namespace. */
  Echo(String address, int port) throws IOException {
    server = new ServerSocket(port, 50, InetAddress.ofLiteral(address));
    Thread.ofPlatform().daemon().start(this::accept);
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        keep(socket);
        Thread.ofPlatform().daemon().start(() -> answer(socket));
      }
    } catch (IOException e) {
      // Closed: the test is over.
    }
  }

  private static void answer(Socket socket) {
    try {
      socket.getInputStream().transferTo(socket.getOutputStream());
    } catch (IOException e) {
      // The other end has gone, as in any test's end.
    }
  }

  private synchronized void keep(Socket socket) {
    sockets.add(socket);
  }

  /** A connection that stays; to be called on a thread of the namespace. */
  Socket connection() throws IOException {
    Socket socket = new Socket();
    keep(socket);
    socket.connect(server.getLocalSocketAddress(), 5000);
    socket.setTcpNoDelay(true);
    return socket;
  }

  /** Whether a new client gets in; to be called on a thread of the namespace. */
  boolean letsIn() throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), NEVER_MS);
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  /** Sends a byte. */
  static void send(Socket socket, int value) throws IOException {
    socket.getOutputStream().write(value);
  }

  /** What comes back within a time: -1 for nothing. */
  static int heard(Socket socket, Duration within) throws IOException {
    socket.setSoTimeout(Math.toIntExact(within.toMillis()));
    try {
      int value = socket.getInputStream().read();
      if (value < 0) {
        throw new IOException("the connection was ended");
      }
      return value;
    } catch (SocketTimeoutException e) {
      return -1;
    }
  }

  /** Whether a byte comes back at once. */
  static boolean answers(Socket socket) throws IOException {
    send(socket, 7);
    return heard(socket, Duration.ofMillis(NEVER_MS)) == 7;
  }

  @Override
  public synchronized void close() {
    try {
      server.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
