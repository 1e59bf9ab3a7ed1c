package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A leader that has lost etcd asks a member to wait for it.
 *
 * @param number tells its answer from others
 * @param leader who asks
 * @param lease how long it wants to be counted as alive
 * @param slots WAL positions of its slots, for members that keep slots of the same names
 */
public record FailsafeCall(
    long number, String leader, Duration lease, SortedMap<String, Long> slots) {
  public FailsafeCall {
    requireNonNull(leader, "leader is null");
    requireNonNull(lease, "lease is null");
    slots = Collections.unmodifiableSortedMap(new TreeMap<>(slots));
  }
}
