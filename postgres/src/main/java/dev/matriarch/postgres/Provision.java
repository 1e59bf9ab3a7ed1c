package dev.matriarch.postgres;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * Roles and databases that a new cluster gets once. Everything is created if missing and brought to
 * this state if there, so repeating it is safe; nothing is ever dropped.
 */
public record Provision(List<Role> roles, List<Database> databases) {
  public Provision {
    roles = List.copyOf(roles);
    databases = List.copyOf(databases);
  }

  /**
   * A role.
   *
   * @param password sent as a SCRAM verifier, so the server never sees it; empty: unchanged
   * @param memberOf roles it belongs to; created before it when they stand in the same list
   * @param rights what it may do beyond logging in
   */
  public record Role(
      String name, Optional<Secret> password, List<String> memberOf, List<Right> rights) {
    public Role {
      requireNonNull(name, "name");
      requireNonNull(password, "password");
      memberOf = List.copyOf(memberOf);
      rights = List.copyOf(rights);
    }
  }

  /** What a role may do. */
  public enum Right {
    LOGIN,
    SUPERUSER,
    CREATEDB,
    CREATEROLE,
    REPLICATION,
    BYPASSRLS,
    /** Execute the four functions that pg_rewind reads a server with (agent contract section 8). */
    REWIND
  }

  /** A database and its owner; empty owner: the superuser. */
  public record Database(String name, Optional<String> owner) {
    public Database {
      requireNonNull(name, "name");
      requireNonNull(owner, "owner");
    }
  }

  /** The role that standbys stream as. */
  public static Role replicator(String name, Secret password) {
    return new Role(
        name, Optional.of(password), List.of(), List.of(Right.LOGIN, Right.REPLICATION));
  }

  /** The role that pg_rewind connects as. */
  public static Role rewinder(String name, Secret password) {
    return new Role(name, Optional.of(password), List.of(), List.of(Right.LOGIN, Right.REWIND));
  }
}
