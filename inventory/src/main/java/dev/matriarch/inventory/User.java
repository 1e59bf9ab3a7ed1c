package dev.matriarch.inventory;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A role of PostgreSQL, one of the defaults or a business user ({@code pg_users}).
 *
 * @param password plain or a SCRAM or MD5 hash; empty when none was declared
 * @param options role options as declared: {@code login superuser createdb createrole inherit
 *     replication bypassrls}, each present only when declared
 * @param connectionLimit -1 for none
 * @param expireInDays valid until that many days from when it is created
 * @param expireAt a date or {@code infinity}; {@code expireInDays} wins
 * @param parameters settings of the role
 * @param pooled listed in PgBouncer's user list
 */
public record User(
    String name,
    DesiredState state,
    Optional<Secret> password,
    Map<String, Boolean> options,
    int connectionLimit,
    Optional<Integer> expireInDays,
    Optional<String> expireAt,
    String comment,
    List<RoleGrant> roles,
    Map<String, String> parameters,
    boolean pooled,
    Optional<String> poolMode,
    Optional<Integer> poolConnectionLimit) {
  public User {
    requireNonNull(name, "name is null");
    requireNonNull(state, "state is null");
    requireNonNull(password, "password is null");
    requireNonNull(expireInDays, "expireInDays is null");
    requireNonNull(expireAt, "expireAt is null");
    requireNonNull(comment, "comment is null");
    requireNonNull(poolMode, "poolMode is null");
    requireNonNull(poolConnectionLimit, "poolConnectionLimit is null");
    options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    roles = List.copyOf(roles);
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }
}
