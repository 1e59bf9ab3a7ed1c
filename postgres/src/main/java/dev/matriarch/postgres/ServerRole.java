package dev.matriarch.postgres;

import static java.util.Objects.requireNonNull;

/** What a server is started as. */
public sealed interface ServerRole {
  /** Takes writes. */
  record Primary() implements ServerRole {}

  /** Standby that streams from this upstream. */
  record StandbyOf(Upstream upstream) implements ServerRole {
    public StandbyOf {
      requireNonNull(upstream, "upstream");
    }
  }

  /** Standby that streams from nobody until {@link PostgresServer#follow} is called. */
  record Detached() implements ServerRole {}
}
