package dev.matriarch.agent.rest;

import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.matriarch.agent.config.HostPort;
import dev.matriarch.agent.config.RestConfig;
import dev.matriarch.agent.config.RestConfig.Tls;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLParameters;

/**
 * The agent's REST interface (drop-in contract, section 6). Each request has a virtual thread of
 * its own; reading ones are answered from memory.
 */
public final class RestServer implements AutoCloseable {
  private static final int BACKLOG = 256;

  private final HttpServer server;
  private final ExecutorService threads;
  private final Optional<TlsIdentity> identity;
  private final FrontDoor door;

  private RestServer(
      HttpServer server, ExecutorService threads, Optional<TlsIdentity> identity, FrontDoor door) {
    this.door = door;
    this.server = server;
    this.threads = threads;
    this.identity = identity;
  }

  /**
   * Listens and answers until closed.
   *
   * @throws IOException if the address cannot be listened on or a certificate cannot be read; the
   *     message is for humans
   */
  public static RestServer start(RestConfig config, AgentStatus.Source source, Requests requests)
      throws IOException {
    requireNonNull(source, "source is null");
    requireNonNull(requests, "requests is null");
    limit();
    Optional<TlsIdentity> identity =
        config.tls().isPresent()
            ? Optional.of(TlsIdentity.of(config.tls().get()))
            : Optional.empty();
    HttpServer server = bound(config.listen(), identity.isPresent());
    if (server instanceof HttpsServer https) {
      https.setHttpsConfigurator(configurator(config.tls().orElseThrow(), identity.orElseThrow()));
    }
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("rest-", 0).factory());
    server.setExecutor(threads);
    FrontDoor door = new FrontDoor(config, new Endpoints(source, requests), source);
    server.createContext("/", door);
    server.start();
    return new RestServer(server, threads, identity, door);
  }

  /** The server of the JDK has no limits of its own; it reads them when first used. */
  private static void limit() {
    setIfAbsent("sun.net.httpserver.nodelay", "true");
    setIfAbsent("sun.net.httpserver.maxReqTime", "10");
    setIfAbsent("sun.net.httpserver.maxReqHeaders", "100");
    setIfAbsent("sun.net.httpserver.maxReqHeaderSize", "65536");
    setIfAbsent("sun.net.httpserver.idleInterval", "15");
    setIfAbsent("jdk.httpserver.maxConnections", "1000");
  }

  private static void setIfAbsent(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  private static HttpServer bound(HostPort listen, boolean tls) throws IOException {
    InetSocketAddress address =
        listen.host().equals("*")
            ? new InetSocketAddress(listen.port())
            : new InetSocketAddress(InetAddress.getByName(listen.host()), listen.port());
    try {
      return tls ? HttpsServer.create(address, BACKLOG) : HttpServer.create(address, BACKLOG);
    } catch (BindException e) {
      throw new IOException(
          "restapi.listen %s cannot be listened on: %s; stop what uses it or choose another port"
              .formatted(listen, e.getMessage()),
          e);
    }
  }

  private static HttpsConfigurator configurator(Tls tls, TlsIdentity identity) throws IOException {
    return new HttpsConfigurator(identity.context()) {
      @Override
      public void configure(HttpsParameters parameters) {
        SSLParameters wanted = getSSLContext().getDefaultSSLParameters();
        switch (tls.verifyClient()) {
          case NONE -> wanted.setWantClientAuth(false);
          case OPTIONAL -> wanted.setWantClientAuth(true);
          case REQUIRED -> wanted.setNeedClientAuth(true);
        }
        parameters.setSSLParameters(wanted);
      }
    };
  }

  /** The port that it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  /**
   * Takes who may ask what, and reads the certificates again; connections to come get them. Where
   * it listens stays.
   *
   * @throws IOException if the certificates cannot be read: the former ones stay
   */
  public void reload(RestConfig changed) throws IOException {
    door.reload(changed);
    if (identity.isPresent() && changed.tls().isPresent()) {
      identity.get().reload(changed.tls().get());
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
