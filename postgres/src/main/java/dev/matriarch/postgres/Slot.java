package dev.matriarch.postgres;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * A replication slot. One of a failover group of PostgreSQL itself (17 and later) is never listed:
 * the server keeps those.
 *
 * @param logical what it decodes; empty for a physical one
 * @param active somebody streams through it
 * @param position what its consumer has confirmed (logical), or from where WAL is kept (physical);
 *     empty when it keeps none
 * @param catalogXmin the oldest transaction whose catalog rows it needs; empty for none
 * @param holdsXmin it holds back the removal of dead rows
 */
public record Slot(
    String name,
    Optional<Logical> logical,
    boolean active,
    Optional<Lsn> position,
    Optional<Long> catalogXmin,
    boolean holdsXmin) {
  /** What a logical slot decodes. */
  public record Logical(String database, String plugin) {
    public Logical {
      requireNonNull(database, "database");
      requireNonNull(plugin, "plugin");
    }
  }

  public Slot {
    requireNonNull(name, "name");
    requireNonNull(logical, "logical");
    requireNonNull(position, "position");
    requireNonNull(catalogXmin, "catalogXmin");
  }
}
