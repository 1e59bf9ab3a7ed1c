package dev.matriarch.engine;

/**
 * What a cluster of two members wants of its standby when the leader is lost and commits did not
 * wait for it. Where they did, the {@code sync} key decides, whatever is declared here.
 */
public enum TwoNodePolicy {
  /** Nobody said: as {@link #AVAILABILITY}, as in the field, and it is said. */
  UNDECLARED,
  /** The standby leads, as far as {@code maximum_lag_on_failover} allows. */
  AVAILABILITY,
  /** The standby leads only where it is known to have every acknowledged commit. */
  CONSISTENCY
}
