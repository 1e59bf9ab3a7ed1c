package dev.matriarch.inventory;

import java.util.Locale;

/** What an instance is meant to be when the cluster starts ({@code pg_role}, P88, P93, C23). */
public enum InstanceRole {
  /** Starts as the leader; exactly one in a cluster. */
  PRIMARY,
  /** Follows and serves reads. */
  REPLICA,
  /** Follows as the preferred synchronous candidate. */
  STANDBY,
  /** Follows and serves only the offline service. */
  OFFLINE,
  /** Follows some time behind, a remedy against mistakes. */
  DELAYED;

  /** The role that a checked word names. */
  static InstanceRole of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  /** The word that stands for it in the inventory. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
