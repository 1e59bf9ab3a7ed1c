package dev.matriarch.etcd;

import static java.util.Objects.requireNonNull;

import dev.matriarch.engine.ClusterState;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A cluster's keys at one revision.
 *
 * @param state what they say
 * @param corrupt keys that could not be read and count as absent in {@code state}
 * @param memberJson the members' keys as they stand there, by name, for what {@code state} leaves
 *     out
 * @param leader the leader key, for the lease that it is on
 */
public record ClusterSnapshot(
    ClusterState state,
    List<CorruptKey> corrupt,
    SortedMap<String, String> memberJson,
    Optional<KeyValue> leader) {
  public ClusterSnapshot {
    requireNonNull(state, "state");
    corrupt = List.copyOf(requireNonNull(corrupt, "corrupt"));
    requireNonNull(leader, "leader");
    memberJson = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(memberJson));
  }
}
