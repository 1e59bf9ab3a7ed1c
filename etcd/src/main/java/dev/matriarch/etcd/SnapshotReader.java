package dev.matriarch.etcd;

import dev.matriarch.engine.ClusterState;
import dev.matriarch.engine.ConfigRecord;
import dev.matriarch.engine.FailsafeRecord;
import dev.matriarch.engine.Initialization;
import dev.matriarch.engine.Leadership;
import dev.matriarch.engine.Member;
import dev.matriarch.engine.MoveRequest;
import dev.matriarch.engine.Revocation;
import dev.matriarch.engine.StatusRecord;
import dev.matriarch.engine.SyncState;
import dev.matriarch.engine.TimelineSwitch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Keys to a {@link ClusterSnapshot}; what cannot be read is noted and counts as absent. */
final class SnapshotReader {

  private final ClusterKeys names;
  private final SortedMap<String, KeyValue> keys;
  private final List<CorruptKey> corrupt = new ArrayList<>();

  private SnapshotReader(ClusterKeys names, Map<String, KeyValue> keys) {
    this.names = names;
    this.keys = new TreeMap<>(keys);
  }

  static ClusterSnapshot read(ClusterKeys names, Map<String, KeyValue> keys, long revision) {
    return new SnapshotReader(names, keys).read(revision);
  }

  /** Reads one value. */
  private interface Decoder<T> {
    T decode(KeyValue kv) throws Json.Unreadable;
  }

  private <T> Optional<T> decode(String key, Decoder<T> decoder) {
    return Optional.ofNullable(keys.get(key)).flatMap(kv -> decode(kv, decoder));
  }

  private <T> Optional<T> decode(KeyValue kv, Decoder<T> decoder) {
    try {
      return Optional.of(decoder.decode(kv));
    } catch (Json.Unreadable | IllegalArgumentException | ArithmeticException e) {
      corrupt.add(new CorruptKey(kv.key(), String.valueOf(e.getMessage())));
      return Optional.empty();
    }
  }

  private ClusterSnapshot read(long revision) {
    SortedMap<String, Member> members = new TreeMap<>();
    SortedMap<String, String> memberJson = new TreeMap<>();
    keys.tailMap(names.members())
        .forEach(
            (key, kv) -> {
              if (key.startsWith(names.members())) {
                String name = key.substring(names.members().length());
                memberJson.put(name, kv.value());
                decode(kv, it -> MemberCodec.decode(name, it.value()))
                    .ifPresent(member -> members.put(name, member));
              }
            });
    ClusterState state =
        new ClusterState(
            revision,
            leadership(),
            decode(names.initialize(), kv -> KeyCodec.initialization(kv.value()))
                .orElseGet(Initialization.Absent::new),
            members,
            decode(names.failover(), kv -> KeyCodec.request(kv.value(), kv.modRevision()))
                .flatMap((Optional<MoveRequest> request) -> request),
            sync(),
            decode(names.history(), kv -> KeyCodec.history(kv.value()))
                .orElse(List.<TimelineSwitch>of()),
            status(),
            decode(names.config(), SnapshotReader::config),
            failsafe(),
            decode(names.revoke(), kv -> KeyCodec.revocation(kv.value(), kv.modRevision()))
                .orElse(Revocation.NONE));
    SortedSet<String> unreadable = new TreeSet<>();
    corrupt.forEach(key -> unreadable.add(key.key().substring(names.prefix().length())));
    return new ClusterSnapshot(
        state.withUnreadable(unreadable),
        corrupt,
        memberJson,
        Optional.ofNullable(keys.get(names.leader())));
  }

  /** One that cannot be read has its revision nevertheless: to be replaced by. */
  private SyncState sync() {
    KeyValue found = keys.get(names.sync());
    return decode(names.sync(), kv -> KeyCodec.sync(kv.value(), kv.modRevision()))
        .orElseGet(
            () ->
                found == null
                    ? SyncState.NONE
                    : new SyncState(found.modRevision(), "", 0, Collections.emptySortedSet()));
  }

  private Leadership leadership() {
    KeyValue leader = keys.get(names.leader());
    if (leader == null) {
      return new Leadership.Vacant();
    }
    if (leader.lease().equals(LeaseId.NONE)) {
      // Every member's key ends with its lease: what stands without one, an operator put there.
      corrupt.add(
          new CorruptKey(leader.key(), "has no lease, so no member wrote it: " + leader.value()));
      return new Leadership.Unowned(leader.modRevision());
    }
    return new Leadership.Held(leader.value(), leader.modRevision());
  }

  /** One that cannot be read still has its revision: claims compare it, and the leader mends it. */
  private FailsafeRecord failsafe() {
    KeyValue key = keys.get(names.failsafe());
    return key == null
        ? FailsafeRecord.NONE
        : new FailsafeRecord(
            key.modRevision(),
            decode(names.failsafe(), kv -> KeyCodec.failsafe(kv.value())).orElseGet(TreeMap::new));
  }

  private StatusRecord status() {
    String key = keys.containsKey(names.status()) ? names.status() : names.legacyPosition();
    return decode(key, kv -> KeyCodec.status(kv.value())).orElse(StatusRecord.NONE);
  }

  private static ConfigRecord config(KeyValue kv) throws Json.Unreadable {
    return new ConfigRecord(kv.modRevision(), Json.object(kv.value()).toString());
  }
}
