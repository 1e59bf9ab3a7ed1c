package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

/** What a replication slot is for. */
public sealed interface SlotKind {

  /** For a standby or a WAL archiver: all WAL. */
  record Physical() implements SlotKind {}

  /** For a subscriber: the changes of one database, decoded by a plugin. */
  record Logical(String database, String plugin) implements SlotKind {
    public Logical {
      requireNonNull(database, "database is null");
      requireNonNull(plugin, "plugin is null");
    }
  }

  SlotKind PHYSICAL = new Physical();
}
