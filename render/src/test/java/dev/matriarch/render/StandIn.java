package dev.matriarch.render;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What HAProxy sees of a member: an agent that answers some checks with 200 and the others with
 * 503, and two ports where whoever connects is told where he is, whatever the agent answers.
 */
final class StandIn implements AutoCloseable {
  static final int AGENT = 8008;

  private final HttpServer agent;
  private final List<ServerSocket> ports = new ArrayList<>();
  private volatile Set<String> paths = Set.of();

  StandIn(String name, String address) throws IOException {
    agent = HttpServer.create(new InetSocketAddress(address, AGENT), 0);
    agent.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(
              paths.contains(exchange.getRequestURI().getPath()) ? 200 : 503, -1);
          exchange.close();
        });
    agent.start();
    for (int port : List.of(5432, 6432)) {
      var socket = new ServerSocket(port, 100, InetAddress.ofLiteral(address));
      ports.add(socket);
      Thread.ofVirtual().start(() -> welcome(socket, name + ":" + port + "\n"));
    }
  }

  /** From now on these paths are answered with 200, and no others. */
  void answers(String... healthy) {
    paths = Set.of(healthy);
  }

  private static void welcome(ServerSocket socket, String words) {
    while (!socket.isClosed()) {
      try {
        var client = socket.accept();
        client.getOutputStream().write(words.getBytes(US_ASCII));
        Thread.ofVirtual().start(() -> stay(client));
      } catch (IOException closed) {
        // The next turn sees whether that was the end.
      }
    }
  }

  /** Until the other side has enough. */
  private static void stay(Socket client) {
    try (client) {
      int _ = client.getInputStream().read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    agent.stop(0);
    for (ServerSocket port : ports) {
      port.close();
    }
  }
}
