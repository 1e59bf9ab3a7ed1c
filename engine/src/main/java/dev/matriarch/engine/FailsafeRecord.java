package dev.matriarch.engine;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Whom a leader without etcd has to ask before it goes on: the {@code failsafe} key. Who is not in
 * it could not be asked, so it must not lead.
 *
 * @param revision the key's modification revision, 0 when it is absent
 * @param members REST addresses by member; empty when no leader can go on without etcd
 */
public record FailsafeRecord(long revision, SortedMap<String, String> members) {
  public static final FailsafeRecord NONE = new FailsafeRecord(0, Collections.emptySortedMap());

  public FailsafeRecord {
    members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
  }

  /** Whether this member could lead as far as this record goes. */
  public boolean allows(String member) {
    return members.isEmpty() || members.containsKey(member);
  }
}
