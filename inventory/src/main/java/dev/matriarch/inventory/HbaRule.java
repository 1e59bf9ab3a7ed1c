package dev.matriarch.inventory;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * One rule of access, before its words are turned into lines of {@code pg_hba.conf}.
 *
 * @param order where it stands; rules without one come last, in the order of the file
 * @param role on which instances it is live: {@code default common primary replica standby offline
 *     delayed}
 * @param user a name, {@code all}, {@code +role} or one of <code>${dbsu} ${repl} ${monitor}
 *     ${admin}</code>
 * @param address {@code local localhost admin infra cluster intra world}, an address or a block
 * @param auth an alias (P268) such as {@code pwd}, {@code ssl}, {@code ident}
 * @param lines raw lines that stand for user, database, address and auth
 */
public record HbaRule(
    String title,
    Optional<Integer> order,
    String role,
    String user,
    String database,
    String address,
    String auth,
    List<String> lines) {
  public HbaRule {
    requireNonNull(title, "title is null");
    requireNonNull(order, "order is null");
    requireNonNull(role, "role is null");
    requireNonNull(user, "user is null");
    requireNonNull(database, "database is null");
    requireNonNull(address, "address is null");
    requireNonNull(auth, "auth is null");
    lines = List.copyOf(lines);
  }
}
