package dev.matriarch.postgres;

import dev.matriarch.postgres.Provision.Database;
import dev.matriarch.postgres.Provision.Right;
import dev.matriarch.postgres.Provision.Role;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Brings roles and databases to a declared state. */
final class Provisioner {
  private static final List<String> REWIND_FUNCTIONS =
      List.of(
          "pg_ls_dir(text, boolean, boolean)",
          "pg_stat_file(text, boolean)",
          "pg_read_binary_file(text)",
          "pg_read_binary_file(text, bigint, bigint, boolean)");
  private static final int HAS_CHECKPOINT_ROLE = 150_000;

  private final ServerSpec spec;
  private final LocalSql sql;
  private final Scram scram;

  Provisioner(ServerSpec spec, LocalSql sql, Scram scram) {
    this.spec = spec;
    this.sql = sql;
    this.scram = scram;
  }

  Map<String, ScramVerifier> bring(Provision provision, Duration budget) {
    return sql.call(
        "creating roles and databases",
        budget,
        (session, deadline) -> {
          Map<String, ScramVerifier> verifiers = new LinkedHashMap<>();
          run(session, deadline, "BEGIN");
          for (Role role : provision.roles()) {
            create(session, deadline, role);
            password(session, deadline, role, verifiers);
          }
          for (Role role : provision.roles()) {
            grant(session, deadline, role);
          }
          run(session, deadline, "COMMIT");
          for (Database database : provision.databases()) {
            database(session, deadline, database);
          }
          return verifiers;
        });
  }

  Map<String, ScramVerifier> stored(Duration budget) {
    return sql
        .rows(
            "reading the verifiers",
            budget,
            "SELECT rolname, rolpassword FROM pg_authid"
                + " WHERE rolcanlogin AND rolpassword LIKE 'SCRAM-SHA-256$%' ORDER BY rolname")
        .stream()
        .collect(
            Collectors.toMap(
                row -> row.get(0),
                row -> new ScramVerifier(row.get(1)),
                (a, b) -> b,
                LinkedHashMap::new));
  }

  private void create(Session session, Deadline deadline, Role role) throws SQLException {
    String name = LocalSql.identifier(role.name());
    String found =
        session.value(deadline, "SELECT count(*) FROM pg_roles WHERE rolname = ?", role.name());
    if (found.equals("0")) {
      run(session, deadline, "CREATE ROLE " + name);
    }
    if (role.name().equals(spec.superuser())) {
      // The rights of the agent's own account are not for an inventory to take away.
      return;
    }
    List<Right> rights = role.rights();
    String attributes =
        List.of(
                Right.LOGIN,
                Right.SUPERUSER,
                Right.CREATEDB,
                Right.CREATEROLE,
                Right.REPLICATION,
                Right.BYPASSRLS)
            .stream()
            .map(right -> (rights.contains(right) ? "" : "NO") + right.name())
            .collect(Collectors.joining(" "));
    run(session, deadline, "ALTER ROLE " + name + " " + attributes);
  }

  private void password(
      Session session, Deadline deadline, Role role, Map<String, ScramVerifier> verifiers)
      throws SQLException {
    if (role.password().isEmpty()) {
      return;
    }
    Secret password = role.password().get();
    String stored =
        session.value(deadline, "SELECT rolpassword FROM pg_authid WHERE rolname = ?", role.name());
    if (Scram.matches(stored, password)) {
      verifiers.put(role.name(), new ScramVerifier(stored));
      return;
    }
    ScramVerifier fresh = scram.verifier(password);
    run(
        session,
        deadline,
        "ALTER ROLE %s PASSWORD %s"
            .formatted(LocalSql.identifier(role.name()), LocalSql.literal(fresh.text())));
    verifiers.put(role.name(), fresh);
  }

  private static void grant(Session session, Deadline deadline, Role role) throws SQLException {
    String name = LocalSql.identifier(role.name());
    for (String group : role.memberOf()) {
      run(session, deadline, "GRANT %s TO %s".formatted(LocalSql.identifier(group), name));
    }
    if (role.rights().contains(Right.REWIND)) {
      for (String function : REWIND_FUNCTIONS) {
        run(session, deadline, "GRANT EXECUTE ON FUNCTION %s TO %s".formatted(function, name));
      }
      int version =
          Integer.parseInt(session.value(deadline, "SELECT current_setting('server_version_num')"));
      if (version >= HAS_CHECKPOINT_ROLE) {
        // pg_rewind is wrong about a source that has not checkpointed since its promotion.
        run(session, deadline, "GRANT pg_checkpoint TO " + name);
      }
    }
  }

  private static void database(Session session, Deadline deadline, Database database)
      throws SQLException {
    String name = LocalSql.identifier(database.name());
    String found =
        session.value(
            deadline, "SELECT count(*) FROM pg_database WHERE datname = ?", database.name());
    if (found.equals("0")) {
      String owner = database.owner().map(role -> " OWNER " + LocalSql.identifier(role)).orElse("");
      run(session, deadline, "CREATE DATABASE " + name + owner);
    } else if (database.owner().isPresent()) {
      run(
          session,
          deadline,
          "ALTER DATABASE %s OWNER TO %s"
              .formatted(name, LocalSql.identifier(database.owner().get())));
    }
  }

  private static void run(Session session, Deadline deadline, String statement)
      throws SQLException {
    session.command(deadline, statement);
  }
}
