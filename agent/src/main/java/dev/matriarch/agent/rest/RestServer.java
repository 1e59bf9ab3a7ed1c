package dev.matriarch.agent.rest;

import static java.util.Objects.requireNonNull;

import dev.matriarch.agent.config.HostPort;
import dev.matriarch.agent.config.RestConfig;
import dev.matriarch.agent.config.RestConfig.Tls;
import dev.matriarch.agent.http.HttpLimits;
import dev.matriarch.agent.http.HttpListener;
import dev.matriarch.agent.http.TlsTerms;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * The agent's REST interface (drop-in contract, section 6). Each request has a virtual thread of
 * its own; reading ones are answered from memory.
 */
public final class RestServer implements AutoCloseable {
  private final HttpListener listener;
  private final Optional<TlsIdentity> identity;
  private final FrontDoor door;

  private RestServer(HttpListener listener, Optional<TlsIdentity> identity, FrontDoor door) {
    this.door = door;
    this.listener = listener;
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
    Optional<TlsIdentity> identity =
        config.tls().isPresent()
            ? Optional.of(TlsIdentity.of(config.tls().get()))
            : Optional.empty();
    Optional<TlsTerms> terms =
        identity.isPresent()
            ? Optional.of(terms(identity.get(), config.tls().orElseThrow()))
            : Optional.empty();
    FrontDoor door = new FrontDoor(config, new Endpoints(source, requests), source);
    return new RestServer(listening(config.listen(), terms, door), identity, door);
  }

  private static TlsTerms terms(TlsIdentity identity, Tls tls) throws IOException {
    return new TlsTerms(identity.context(), asked(tls), tls.ciphers());
  }

  private static TlsTerms.ClientCertificate asked(Tls tls) {
    return switch (tls.verifyClient()) {
      case NONE -> TlsTerms.ClientCertificate.NOT_ASKED;
      case OPTIONAL -> TlsTerms.ClientCertificate.ASKED;
      case REQUIRED -> TlsTerms.ClientCertificate.REQUIRED;
    };
  }

  private static HttpListener listening(HostPort listen, Optional<TlsTerms> terms, FrontDoor door)
      throws IOException {
    InetSocketAddress address =
        listen.host().equals("*")
            ? new InetSocketAddress(listen.port())
            : new InetSocketAddress(InetAddress.getByName(listen.host()), listen.port());
    try {
      return HttpListener.start(address, terms, HttpLimits.STANDARD, door);
    } catch (BindException e) {
      throw new IOException(
          "restapi.listen %s cannot be listened on: %s; stop what uses it or choose another port"
              .formatted(listen, e.getMessage()),
          e);
    }
  }

  /** The port that it listens on. */
  public int port() {
    return listener.port();
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
    listener.close();
  }
}
