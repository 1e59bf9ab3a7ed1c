package dev.matriarch.agent.config;

import static java.util.Objects.requireNonNull;

import dev.matriarch.etcd.KeyFile;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The agent's own REST interface ({@code restapi}).
 *
 * @param listen where it listens; host {@code *} for everywhere
 * @param advertised where others reach it ({@code connect_address})
 * @param tls its certificate; empty for plain HTTP
 * @param authentication what unsafe requests must show; empty for nothing
 * @param allowlist where unsafe requests may come from
 * @param headers that every answer has besides its own
 */
public record RestConfig(
    HostPort listen,
    HostPort advertised,
    Optional<Tls> tls,
    Optional<Credentials> authentication,
    Allowlist allowlist,
    Map<String, String> headers) {

  /** Which requests must come with a client certificate. */
  public enum VerifyClient {
    NONE,
    /** Those that change something. */
    OPTIONAL,
    /** All. */
    REQUIRED
  }

  /**
   * Certificates in PEM; the key may stand in the certificate's file.
   *
   * @param ca who signs the clients' certificates; needed unless none is asked for
   * @param ciphers the suites of TLS 1.2 that are permitted; empty for the JDK's choice
   */
  public record Tls(
      Path certificate,
      KeyFile key,
      Optional<Path> ca,
      VerifyClient verifyClient,
      List<String> ciphers) {
    public Tls {
      requireNonNull(certificate, "certificate is null");
      requireNonNull(key, "key is null");
      requireNonNull(ca, "ca is null");
      requireNonNull(verifyClient, "verifyClient is null");
      ciphers = List.copyOf(ciphers);
    }

    /** With the JDK's choice of suites. */
    public Tls(Path certificate, KeyFile key, Optional<Path> ca, VerifyClient verifyClient) {
      this(certificate, key, ca, verifyClient, List.of());
    }
  }

  public RestConfig {
    requireNonNull(listen, "listen is null");
    requireNonNull(advertised, "advertised is null");
    requireNonNull(tls, "tls is null");
    requireNonNull(authentication, "authentication is null");
    requireNonNull(allowlist, "allowlist is null");
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
  }

  /** One that unsafe requests may reach from everywhere. */
  public RestConfig(
      HostPort listen,
      HostPort advertised,
      Optional<Tls> tls,
      Optional<Credentials> authentication) {
    this(listen, advertised, tls, authentication, Allowlist.NONE, Map.of());
  }

  /** The address in the member's key. */
  public String apiUrl() {
    return (tls.isPresent() ? "https://" : "http://") + advertised + "/patroni";
  }
}
