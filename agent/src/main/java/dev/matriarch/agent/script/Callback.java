package dev.matriarch.agent.script;

import static java.util.Objects.requireNonNull;

/**
 * Something that a callback is told of.
 *
 * @param event what happened
 * @param role the member's role by then, in the words of its key
 */
public record Callback(Kind event, String role) {

  /** What may happen, in the words of the configuration. */
  public enum Kind {
    ON_START("on_start"),
    ON_STOP("on_stop"),
    ON_RESTART("on_restart"),
    ON_RELOAD("on_reload"),
    ON_ROLE_CHANGE("on_role_change");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  public Callback {
    requireNonNull(event, "event is null");
    requireNonNull(role, "role is null");
  }
}
