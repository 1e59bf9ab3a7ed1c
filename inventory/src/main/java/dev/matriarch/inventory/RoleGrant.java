package dev.matriarch.inventory;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * A membership that a user gets or loses.
 *
 * @param revoke taken away instead of given
 * @param admin WITH ADMIN option when declared; {@code set} and {@code inherit} likewise (16+)
 */
public record RoleGrant(
    String role,
    boolean revoke,
    Optional<Boolean> admin,
    Optional<Boolean> set,
    Optional<Boolean> inherit) {
  public RoleGrant {
    requireNonNull(role, "role is null");
    requireNonNull(admin, "admin is null");
    requireNonNull(set, "set is null");
    requireNonNull(inherit, "inherit is null");
  }
}
