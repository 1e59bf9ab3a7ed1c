package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

/**
 * The wish, recorded in etcd, to end a leader's term without waiting for its lease (docs: {@code
 * revocation.md}). It is bound to the leader key and the sync key as they were when it was written:
 * once either has changed it can never take effect again.
 *
 * @param revision the {@code revoke} key's modification revision; 0 when the key does not exist
 * @param leader whose term it is
 * @param term the leader key's revision, which every renewal raises
 * @param sync the sync key's revision
 * @param by who wrote it
 */
public record Revocation(long revision, String leader, long term, long sync, String by) {
  public static final Revocation NONE = new Revocation(0, "", 0, 0, "");

  public Revocation {
    requireNonNull(leader, "leader is null");
    requireNonNull(by, "by is null");
  }

  public boolean isRecorded() {
    return revision != 0;
  }

  /**
   * Whether it can still take effect, going by these keys. Depends on nothing else: whoever has
   * promised must hold to it as long as any candidate could find it in force.
   */
  public boolean isInForce(Leadership leadership, SyncState recorded) {
    return isRecorded()
        && leadership instanceof Leadership.Held held
        && held.name().equals(leader)
        && held.revision() == term
        && recorded.revision() == sync;
  }
}
