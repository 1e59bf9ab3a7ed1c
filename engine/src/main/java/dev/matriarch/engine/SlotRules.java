package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the dynamic configuration says of replication slots (drop-in contract, section 11).
 *
 * @param used slots are kept at all; otherwise none is made and none dropped
 * @param permanent slots that every server keeps which could lead, by name
 * @param ignored slots that are left alone
 * @param memberTtl how long the slot of a member is kept after its key vanished
 */
public record SlotRules(
    boolean used,
    SortedMap<String, SlotKind> permanent,
    List<Matcher> ignored,
    Duration memberTtl) {
  public static final SlotRules DEFAULT =
      new SlotRules(true, Collections.emptySortedMap(), List.of(), Duration.ofMinutes(30));

  public SlotRules {
    permanent = Collections.unmodifiableSortedMap(new TreeMap<>(permanent));
    ignored = List.copyOf(ignored);
    requireNonNull(memberTtl, "memberTtl is null");
  }

  /** Fits slots that have all that it names; what is empty fits any. */
  public record Matcher(String name, String type, String database, String plugin) {
    public Matcher {
      requireNonNull(name, "name is null");
      requireNonNull(type, "type is null");
      requireNonNull(database, "database is null");
      requireNonNull(plugin, "plugin is null");
    }

    boolean fits(String slot, SlotKind kind) {
      return fits(name, slot)
          && switch (kind) {
            case SlotKind.Physical physical ->
                fits(type, "physical") && database.isEmpty() && plugin.isEmpty();
            case SlotKind.Logical logical ->
                fits(type, "logical")
                    && fits(database, logical.database())
                    && fits(plugin, logical.plugin());
          };
    }

    private static boolean fits(String wanted, String found) {
      return wanted.isEmpty() || wanted.equals(found);
    }
  }

  boolean ignores(String slot, SlotKind kind) {
    return ignored.stream().anyMatch(matcher -> matcher.fits(slot, kind));
  }
}
