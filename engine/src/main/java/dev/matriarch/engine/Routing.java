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
 */
public record Routing(String primary, SortedSet<String> replicas) {
  public static final Routing NONE = new Routing("", Collections.emptySortedSet());

  public Routing {
    requireNonNull(primary, "primary is null");
    replicas = Collections.unmodifiableSortedSet(new TreeSet<>(replicas));
  }
}
