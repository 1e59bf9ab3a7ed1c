package dev.matriarch.inventory;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Makes users of their declarations. */
final class UserReader {
  /** All that the default roles depend on. */
  static final List<String> PARAMETERS =
      List.of(
          "pg_default_roles",
          "pg_dbsu",
          "pg_dbsu_password",
          "pg_replication_username",
          "pg_replication_password",
          "pg_admin_username",
          "pg_admin_password",
          "pg_monitor_username",
          "pg_monitor_password");

  private static final List<String> OPTIONS =
      List.of(
          "login", "superuser", "createdb", "createrole", "inherit", "replication", "bypassrls");

  private final Settings settings;

  UserReader(Settings settings) {
    this.settings = settings;
  }

  /** The roles of every cluster; system users by their configured names, with their passwords. */
  List<User> defaultRoles() {
    Map<String, String> renamed =
        settings.isDeclared("pg_default_roles")
            ? Map.of()
            : Map.of(
                "postgres", settings.text("pg_dbsu"),
                "replicator", settings.text("pg_replication_username"),
                "dbuser_dba", settings.text("pg_admin_username"),
                "dbuser_monitor", settings.text("pg_monitor_username"));
    Map<String, Secret> passwords =
        Map.of(
            "pg_dbsu", settings.secret("pg_dbsu_password"),
            "pg_replication_username", settings.secret("pg_replication_password"),
            "pg_admin_username", settings.secret("pg_admin_password"),
            "pg_monitor_username", settings.secret("pg_monitor_password"));
    Map<String, Secret> byName = new LinkedHashMap<>();
    passwords.forEach((parameter, secret) -> byName.put(settings.text(parameter), secret));
    return read("pg_default_roles", renamed, byName);
  }

  List<User> users() {
    return read("pg_users", Map.of(), Map.of());
  }

  private List<User> read(
      String parameter, Map<String, String> renamed, Map<String, Secret> passwords) {
    List<User> users = new ArrayList<>();
    for (Value item : settings.items(parameter)) {
      if (item instanceof Value.Entries(Map<String, Value> fields)) {
        String declared = text(fields, "name");
        String name = renamed.getOrDefault(declared, declared);
        Optional<Secret> own = optional(fields, "password").map(Secret::new);
        Optional<Secret> system =
            Optional.ofNullable(passwords.get(name)).filter(secret -> !secret.isEmpty());
        users.add(user(name, fields, own.or(() -> system)));
      }
    }
    return users;
  }

  private static User user(String name, Map<String, Value> fields, Optional<Secret> password) {
    Map<String, Boolean> options = new LinkedHashMap<>();
    for (String option : OPTIONS) {
      if (fields.get(option) instanceof Value.Flag(boolean on)) {
        options.put(option, on);
      }
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    if (fields.get("parameters") instanceof Value.Entries(Map<String, Value> entries)) {
      entries.forEach((key, value) -> parameters.put(key, value.toString()));
    }
    return new User(
        name,
        DesiredState.valueOf(text(fields, "state").toUpperCase(Locale.ROOT)),
        password,
        options,
        Integer.parseInt(text(fields, "connlimit")),
        optional(fields, "expire_in").map(Integer::valueOf),
        optional(fields, "expire_at"),
        optional(fields, "comment").orElse("business user " + name),
        grants(fields),
        parameters,
        text(fields, "pgbouncer").equals("true"),
        optional(fields, "pool_mode"),
        optional(fields, "pool_connlimit").map(Integer::valueOf));
  }

  private static List<RoleGrant> grants(Map<String, Value> fields) {
    List<RoleGrant> grants = new ArrayList<>();
    if (fields.get("roles") instanceof Value.Items(List<Value> items)) {
      for (Value item : items) {
        if (item instanceof Value.Entries(Map<String, Value> grant)) {
          Value state = FieldTables.value(FieldTables.GRANT, grant, "state");
          grants.add(
              new RoleGrant(
                  grant.get("name").toString(),
                  !state.toString().equals("grant"),
                  flag(grant, "admin"),
                  flag(grant, "set"),
                  flag(grant, "inherit")));
        }
      }
    }
    return grants;
  }

  private static Optional<Boolean> flag(Map<String, Value> fields, String name) {
    return fields.get(name) instanceof Value.Flag(boolean on) ? Optional.of(on) : Optional.empty();
  }

  private static Optional<String> optional(Map<String, Value> fields, String name) {
    return Optional.ofNullable(fields.get(name)).map(Value::toString);
  }

  private static String text(Map<String, Value> fields, String name) {
    return FieldTables.value(FieldTables.USER, fields, name).toString();
  }
}
