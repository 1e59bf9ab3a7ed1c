package dev.matriarch.postgres;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A server to stream from, clone from or rewind to, and as whom. The password goes to a passfile,
 * never to a command line or into postgresql.conf.
 *
 * @param options further libpq keywords such as {@code sslmode}, {@code sslrootcert}
 * @param applicationName name shown in pg_stat_replication and matched by
 *     synchronous_standby_names: the member's name
 * @param slot physical slot to stream through
 */
public record Upstream(
    String host,
    int port,
    String user,
    Optional<Secret> password,
    String applicationName,
    Optional<String> slot,
    Map<String, String> options) {
  public Upstream {
    requireNonNull(host, "host");
    requireNonNull(user, "user");
    requireNonNull(password, "password");
    requireNonNull(applicationName, "applicationName");
    requireNonNull(slot, "slot");
    options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port " + port + " is not within 1 and 65535");
    }
  }

  /** Without a slot and without TLS options. */
  public static Upstream of(
      String host, int port, String user, Secret password, String applicationName) {
    return new Upstream(
        host, port, user, Optional.of(password), applicationName, Optional.empty(), Map.of());
  }

  /** The same server, through this slot. */
  public Upstream withSlot(String name) {
    return new Upstream(host, port, user, password, applicationName, Optional.of(name), options);
  }

  /** The same server, as another role: rewinding needs more rights than replication. */
  public Upstream as(String otherUser, Secret otherPassword) {
    return new Upstream(
        host, port, otherUser, Optional.of(otherPassword), applicationName, slot, options);
  }

  /** The same server, with these libpq keywords instead. */
  public Upstream withOptions(Map<String, String> others) {
    return new Upstream(host, port, user, password, applicationName, slot, others);
  }

  /** {@code host:port}. */
  public String address() {
    return host + ":" + port;
  }
}
