package dev.matriarch.postgres;

import static java.util.Objects.requireNonNull;

/** What an upstream says it is: cluster, timeline, and the end of its WAL. */
public record UpstreamIdentity(String systemIdentifier, int timeline, Lsn position) {
  public UpstreamIdentity {
    requireNonNull(systemIdentifier, "systemIdentifier");
    requireNonNull(position, "position");
  }
}
