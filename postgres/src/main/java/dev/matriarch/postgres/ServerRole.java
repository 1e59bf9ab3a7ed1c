package dev.matriarch.postgres;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

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

  /** Recovers from an archive to a point, with these settings, and takes writes from there on. */
  record Recovering(Map<String, String> settings) implements ServerRole {
    public Recovering {
      settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }
  }

  /** Recovers by the settings and signal files that are in its data, as far as they say. */
  record AsFound() implements ServerRole {}

  /** Standby that streams from nobody until {@link PostgresServer#follow} is called. */
  record Detached() implements ServerRole {}
}
