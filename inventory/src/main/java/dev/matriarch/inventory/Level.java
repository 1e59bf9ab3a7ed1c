package dev.matriarch.inventory;

/** Where a parameter is meant to be set. */
public enum Level {
  /** For all clusters. */
  GLOBAL,
  /** For a cluster, or for all. */
  CLUSTER,
  /** For one instance. */
  INSTANCE,
  /** By the command for one run. */
  ARGUMENT
}
