package dev.matriarch.inventory;

import static java.util.Objects.requireNonNull;

/**
 * One parameter of the inventory.
 *
 * @param section of the reference, such as {@code PG_BOOTSTRAP}
 * @param type in words, such as {@code port} or {@code one of none limit all nopass}
 * @param defaultValue {@link Value.Absent} when there is none
 * @param actedOn false when it is read, checked and listed, but changes nothing yet
 * @param sentence what it is for
 */
public record Parameter(
    String name,
    String section,
    Level level,
    String type,
    Value defaultValue,
    boolean actedOn,
    String sentence) {
  public Parameter {
    requireNonNull(name, "name is null");
    requireNonNull(section, "section is null");
    requireNonNull(level, "level is null");
    requireNonNull(type, "type is null");
    requireNonNull(defaultValue, "defaultValue is null");
    requireNonNull(sentence, "sentence is null");
  }

  /** True when its value must not be shown. */
  public boolean isSecret() {
    return type.equals("secret");
  }
}
