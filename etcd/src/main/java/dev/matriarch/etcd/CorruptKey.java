package dev.matriarch.etcd;

import static java.util.Objects.requireNonNull;

/**
 * A key whose value cannot be read; it counts as absent.
 *
 * @param key in full
 * @param what is wrong with its value, for humans
 */
public record CorruptKey(String key, String what) {
  public CorruptKey {
    requireNonNull(key, "key");
    requireNonNull(what, "what");
  }

  /** One sentence for humans. */
  public String message() {
    return "etcd key " + key + ": " + what;
  }
}
