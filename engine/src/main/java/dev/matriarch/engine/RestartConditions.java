package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * What must hold of a server for it to be restarted.
 *
 * @param role what it must be; empty for anything
 * @param belowVersion its version, as PostgreSQL numbers it, must be lower; 0 for any
 * @param pending a changed setting must wait for the restart
 */
public record RestartConditions(Optional<MemberRole> role, int belowVersion, boolean pending) {
  public static final RestartConditions NONE = new RestartConditions(Optional.empty(), 0, false);

  public RestartConditions {
    requireNonNull(role, "role is null");
  }

  /** What does not hold; empty when all does. A server that is down has no version to compare. */
  Optional<String> objection(View view, MemberRole is) {
    if (role.isPresent() && role.get() != is) {
      return Optional.of("the server is " + is.wire() + ", not " + role.get().wire());
    }
    if (pending && !view.server().pendingRestart()) {
      return Optional.of("no changed setting waits for a restart");
    }
    return belowVersion > 0 && view.server().version() >= belowVersion
        ? Optional.of("the server's version " + view.server().version() + " is no lower")
        : Optional.empty();
  }
}
