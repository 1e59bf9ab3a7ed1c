package dev.matriarch.inventory;

import java.util.List;

/** All parameters that the inventory may name: the single table of their definitions. */
public final class Parameters {
  private Parameters() {}

  /** All of them, in the order of the reference. */
  public static List<Parameter> all() {
    return List.of();
  }

  /** True when there is a parameter of that name. */
  public static boolean isKnown(String name) {
    return all().stream().anyMatch(p -> p.name().equals(name));
  }

  /** The parameter of that name; an unknown name is a programming error. */
  public static Parameter get(String name) {
    return all().stream()
        .filter(p -> p.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException(name + " is no parameter of the inventory"));
  }
}
