package dev.matriarch.inventory;

/** Whether a commit waits for standbys ({@code synchronous_mode}). */
public enum SynchronousMode {
  /** It does not. */
  OFF,
  /** It waits for a quorum of them. */
  QUORUM
}
