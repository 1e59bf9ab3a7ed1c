package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * Who this member is.
 *
 * @param name its member name
 * @param connUrl where its server listens
 * @param apiUrl its REST address
 * @param tags its limits and preferences
 * @param version its agent's version
 * @param mayBootstrap it may make the cluster's first data: the declared primary, or anyone where
 *     nothing is declared
 * @param startedAt monotonic time at which its agent started
 * @param leasedUntil until when the agent before it had proof of the lease, as it wrote down;
 *     {@code startedAt} when nothing is known
 */
public record Self(
    String name,
    String connUrl,
    String apiUrl,
    Tags tags,
    String version,
    boolean mayBootstrap,
    Instant startedAt,
    Instant leasedUntil) {
  public Self {
    requireNonNull(name, "name is null");
    requireNonNull(connUrl, "connUrl is null");
    requireNonNull(apiUrl, "apiUrl is null");
    requireNonNull(tags, "tags is null");
    requireNonNull(version, "version is null");
    requireNonNull(startedAt, "startedAt is null");
    requireNonNull(leasedUntil, "leasedUntil is null");
  }

  /** A member whose agent before left no proof of a lease. */
  public Self(
      String name,
      String connUrl,
      String apiUrl,
      Tags tags,
      String version,
      boolean mayBootstrap,
      Instant startedAt) {
    this(name, connUrl, apiUrl, tags, version, mayBootstrap, startedAt, startedAt);
  }
}
