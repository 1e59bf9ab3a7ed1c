package dev.matriarch.render;

import dev.matriarch.inventory.DesiredState;
import dev.matriarch.inventory.RoleGrant;
import dev.matriarch.inventory.Settings;
import dev.matriarch.inventory.User;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The roles of a cluster with their secrets, in the order of their creation: the default roles, the
 * three system users, then {@code pg_users}. Not among them is the superuser, which initdb makes.
 */
final class Accounts {
  private final Site site;
  private final List<Account> all;

  /**
   * A role as it is created.
   *
   * @param secret what server and pooler store for its password
   */
  record Account(User user, Optional<String> secret, Map<String, Boolean> options) {
    String name() {
      return user.name();
    }

    /** Listed in the pooler's user list. */
    boolean pooled() {
      return user.pooled() && secret.isPresent();
    }

    List<String> roles() {
      return user.roles().stream().filter(g -> !g.revoke()).map(RoleGrant::role).toList();
    }
  }

  Accounts(Site site) {
    this.site = site;
    var passwords = systemPasswords(site.settings());
    var accounts = new LinkedHashMap<String, Account>();
    Stream.concat(site.cluster().defaultRoles().stream(), site.cluster().users().stream())
        .filter(user -> user.state() != DesiredState.ABSENT)
        .filter(user -> !user.name().equals(site.superuser()))
        .forEach(user -> accounts.put(user.name(), account(user, passwords)));
    this.all = List.copyOf(accounts.values());
    requireSystemUsers(accounts, passwords);
  }

  /** Every account, in the order of creation. */
  List<Account> all() {
    return all;
  }

  /** Those that log in through the pooler. */
  List<Account> pooled() {
    return all.stream().filter(Account::pooled).toList();
  }

  /** Business users of the pooler. */
  List<Account> pooledBusinessUsers() {
    var system = systemPasswords(site.settings());
    return pooled().stream().filter(a -> !system.containsKey(a.name())).toList();
  }

  private static Map<String, String> systemPasswords(Settings settings) {
    var passwords = new LinkedHashMap<String, String>();
    for (String kind : List.of("replication", "admin", "monitor")) {
      passwords.put(
          settings.text("pg_" + kind + "_username"),
          settings.secret("pg_" + kind + "_password").reveal());
    }
    return passwords;
  }

  private Account account(User user, Map<String, String> systemPasswords) {
    var password =
        Optional.ofNullable(systemPasswords.get(user.name()))
            .or(() -> user.password().map(secret -> secret.reveal()))
            .filter(text -> !text.isEmpty());
    return new Account(
        user,
        password.map(text -> ScramVerifier.of(site.cluster().name(), user.name(), text)),
        user.options());
  }

  private static void requireSystemUsers(
      Map<String, Account> accounts, Map<String, String> passwords) {
    var missing = new ArrayList<>(passwords.keySet());
    missing.removeAll(accounts.keySet());
    if (!missing.isEmpty()) {
      throw new RenderException(
          missing.stream()
              .map(
                  name ->
                      "pg_default_roles: the system user '%s' is not among them; add it or use its old name"
                          .formatted(name))
              .toList());
    }
  }
}
