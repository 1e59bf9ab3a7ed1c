package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

/** What the leader key says. */
public sealed interface Leadership {

  /** Nobody holds the key. */
  record Vacant() implements Leadership {}

  /**
   * A member holds the key.
   *
   * @param name the member
   * @param revision the key's modification revision: every renewal raises it
   */
  record Held(String name, long revision) implements Leadership {
    public Held {
      requireNonNull(name, "name is null");
    }
  }

  /**
   * The key stands there without a lease, so no member wrote it: what it says counts for nothing.
   *
   * @param revision the key's modification revision
   */
  record Unowned(long revision) implements Leadership {}

  default boolean isHeldBy(String member) {
    return this instanceof Held held && held.name().equals(member);
  }

  default boolean isVacant() {
    return this instanceof Vacant;
  }
}
