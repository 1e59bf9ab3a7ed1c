package dev.matriarch.etcd;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * A granted lease.
 *
 * @param ttl what etcd granted, may be longer than what was asked for
 */
public record Lease(LeaseId id, Duration ttl) {
  public Lease {
    requireNonNull(id, "id");
    requireNonNull(ttl, "ttl");
  }
}
