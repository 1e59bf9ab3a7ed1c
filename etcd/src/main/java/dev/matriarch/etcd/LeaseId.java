package dev.matriarch.etcd;

/**
 * Name of a lease in etcd.
 *
 * @param value 0 stands for "no lease" on a key
 */
public record LeaseId(long value) {

  /** What a key without lease carries. */
  public static final LeaseId NONE = new LeaseId(0);

  /** As etcdctl prints it. */
  @Override
  public String toString() {
    return Long.toHexString(value);
  }
}
