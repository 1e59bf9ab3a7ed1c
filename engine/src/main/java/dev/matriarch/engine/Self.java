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
 */
public record Self(
    String name,
    String connUrl,
    String apiUrl,
    Tags tags,
    String version,
    boolean mayBootstrap,
    Instant startedAt) {
  public Self {
    requireNonNull(name, "name is null");
    requireNonNull(connUrl, "connUrl is null");
    requireNonNull(apiUrl, "apiUrl is null");
    requireNonNull(tags, "tags is null");
    requireNonNull(version, "version is null");
    requireNonNull(startedAt, "startedAt is null");
  }
}
