package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Where clients are to be sent.
 *
 * @param primary the member that takes writes; empty while there is none
 * @param replicas the members that serve reads
 * @param keepers the members whose poolers keep clients that came there when they led: no new ones
 *     are sent there, and those are not cut off
 * @param waitingAt of those, the one whose pooler lets new clients wait for the next primary too;
 *     empty while there is a primary
 */
public record Routing(
    String primary, SortedSet<String> replicas, SortedSet<String> keepers, String waitingAt) {
  public static final Routing NONE =
      new Routing("", Collections.emptySortedSet(), Collections.emptySortedSet(), "");

  public Routing {
    requireNonNull(primary, "primary is null");
    requireNonNull(waitingAt, "waitingAt is null");
    replicas = Collections.unmodifiableSortedSet(new TreeSet<>(replicas));
    keepers = Collections.unmodifiableSortedSet(new TreeSet<>(keepers));
  }
}
