package dev.matriarch.etcd;

import static java.util.Objects.requireNonNull;

/**
 * A key of etcd with its value (UTF-8).
 *
 * @param createRevision revision at which the key came to be
 * @param modRevision revision at which it was last put
 * @param lease {@link LeaseId#NONE} if it carries none
 */
public record KeyValue(
    String key, String value, long createRevision, long modRevision, LeaseId lease) {
  public KeyValue {
    requireNonNull(key, "key");
    requireNonNull(value, "value");
    requireNonNull(lease, "lease");
  }
}
