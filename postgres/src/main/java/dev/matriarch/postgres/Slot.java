package dev.matriarch.postgres;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/** A physical replication slot and how far its consumer is. */
public record Slot(String name, boolean active, Optional<Lsn> restart, boolean holdsXmin) {
  public Slot {
    requireNonNull(name, "name");
    requireNonNull(restart, "restart");
  }

  /**
   * The slot of a member: lower case, {@code -} and {@code .} become {@code _}, anything else a
   * slot name cannot hold becomes {@code uNNNN}, at most 63 characters (agent contract section 11).
   */
  public static String nameOf(String member) {
    StringBuilder name = new StringBuilder();
    for (char c : member.toLowerCase(java.util.Locale.ROOT).toCharArray()) {
      if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_') {
        name.append(c);
      } else if (c == '-' || c == '.') {
        name.append('_');
      } else {
        name.append("u%04d".formatted((int) c));
      }
    }
    return name.length() > 63 ? name.substring(0, 63) : name.toString();
  }
}
