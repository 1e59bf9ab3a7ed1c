package dev.matriarch.inventory;

/** What shall become of a database or user ({@code state}). */
public enum DesiredState {
  CREATE,
  ABSENT,
  /** Dropped and created anew; databases only. */
  RECREATE
}
