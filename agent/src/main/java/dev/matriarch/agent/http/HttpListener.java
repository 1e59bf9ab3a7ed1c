package dev.matriarch.agent.http;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes connections in until closed; each has a virtual thread of its own. */
public final class HttpListener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpListener.class);
  private static final int BACKLOG = 512;
  private static final int LARGE_BODIES = 2;
  private static final Duration TIDYING = Duration.ofMillis(250);

  /** When no connection can be taken in, as without a free file descriptor. */
  private static final Duration RECOVERY = Duration.ofMillis(100);

  private final ServerSocket door;
  private final ExecutorService threads;
  private final Connection.Common common;
  private final Thread accepting;

  private HttpListener(ServerSocket door, ExecutorService threads, Connection.Common common) {
    this.door = door;
    this.threads = threads;
    this.common = common;
    this.accepting = Thread.ofPlatform().daemon().name("rest").unstarted(this::accept);
  }

  /**
   * Listens at that address.
   *
   * @throws IOException if it cannot
   */
  public static HttpListener start(
      InetSocketAddress address, Optional<TlsTerms> tls, HttpLimits limits, HttpHandler handler)
      throws IOException {
    requireNonNull(handler, "handler is null");
    ServerSocket door = new ServerSocket();
    try {
      door.setReuseAddress(true);
      door.bind(address, BACKLOG);
    } catch (IOException e) {
      door.close();
      throw e;
    }
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("rest-", 0).factory());
    Connection.Common common =
        new Connection.Common(limits, tls, handler, new Semaphore(LARGE_BODIES), new Crowd(limits));
    HttpListener listener = new HttpListener(door, threads, common);
    listener.accepting.start();
    threads.execute(listener::tidy);
    return listener;
  }

  public int port() {
    return door.getLocalPort();
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        welcome(door.accept());
      } catch (IOException e) {
        if (!door.isClosed()) {
          LOG.warn("no connection can be taken in: {}", e.getMessage());
          pause(RECOVERY);
        }
      }
    }
  }

  private void welcome(Socket socket) {
    Connection newcomer = new Connection(common, socket);
    if (!common.crowd().enter(newcomer)) {
      newcomer.turnAway();
      return;
    }
    try {
      threads.execute(newcomer);
    } catch (RejectedExecutionException e) {
      newcomer.cut(); // Closing.
    }
  }

  private void tidy() {
    while (!door.isClosed() && pause(TIDYING)) {
      common.crowd().tidy(System.nanoTime());
    }
  }

  private static boolean pause(Duration time) {
    try {
      Thread.sleep(time);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    try {
      door.close();
    } catch (IOException e) {
      LOG.warn("port {} cannot be given up: {}", door.getLocalPort(), e.getMessage());
    }
    threads.shutdownNow();
    common.crowd().cutAll();
    // The port is free only when nobody waits at it any more.
    try {
      accepting.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
