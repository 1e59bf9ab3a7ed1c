package dev.matriarch.render;

import dev.matriarch.inventory.Database;
import dev.matriarch.inventory.DesiredState;
import dev.matriarch.inventory.Settings;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * PgBouncer's files: {@code pgbouncer.ini}, {@code userlist.txt}, {@code pgb_hba.conf} (P21, P22).
 */
public final class PgbouncerFiles {
  static final String INI = "pgbouncer.ini";
  static final String USERS = "userlist.txt";
  static final String HBA = "pgb_hba.conf";

  /**
   * Where it asks for passwords, whatever host its databases are on: a standby has those of the
   * primary, and lets the superuser in by the socket.
   */
  public static final String PASSWORDS = "matriarch_passwords";

  /**
   * A password that is there and valid; without one nobody is known. It is asked for as superuser
   * in a database whose owner may choose the search path: nothing is left to that.
   */
  private static final String PASSWORD =
      "SELECT rolname, rolpassword FROM pg_catalog.pg_authid"
          + " WHERE rolname OPERATOR(pg_catalog.=) $1 AND rolcanlogin AND rolpassword IS NOT NULL"
          + " AND (rolvaliduntil IS NULL OR rolvaliduntil OPERATOR(pg_catalog.>) pg_catalog.now())";

  private PgbouncerFiles() {}

  static List<NodeFile> of(Site site, Accounts accounts) {
    var layout = site.layout();
    return List.of(
        new NodeFile(layout.conf(INI), NodeFile.Mode.PLAIN, ini(site, accounts)),
        new NodeFile(layout.conf(USERS), NodeFile.Mode.SECRET, userlist(site, accounts)),
        new NodeFile(layout.conf(HBA), NodeFile.Mode.PLAIN, hba(site)));
  }

  private static String hba(Site site) {
    var lines = new HbaText(site, HbaText.Dialect.PGBOUNCER).lines(site.cluster().poolerHbaRules());
    var text = String.join("\n", lines) + "\n";
    return asksApart(site)
        ? """
          # for the pooler itself
          local %1$s all reject
          host %1$s all 0.0.0.0/0 reject
          host %1$s all ::/0 reject
          """
                .formatted(PASSWORDS)
            + text
        : text;
  }

  private static String userlist(Site site, Accounts accounts) {
    var users =
        accounts.pooled().stream()
            .map(a -> quoted(a.name()) + ' ' + quoted(a.secret().orElseThrow()) + '\n')
            .collect(Collectors.joining());
    // Whom it asks as: its own way in is the socket. Unlisted it has an empty password, for clients
    // too.
    return asksForPasswords(site)
        ? users + quoted(site.superuser()) + ' ' + quoted(ScramVerifier.UNUSABLE) + '\n'
        : users;
  }

  private static boolean asksForPasswords(Site site) {
    return site.settings().flag("pgbouncer_auth_query");
  }

  private static boolean asksApart(Site site) {
    return asksForPasswords(site) && site.layout().programs().pooler().asksApart();
  }

  /** Whether clients may, or must, come over TLS. */
  static boolean offersTls(Settings settings) {
    return !settings.text("pgbouncer_sslmode").equals("disable");
  }

  /** The files that it needs for TLS. */
  public static List<Path> certificates(Settings settings, Layout layout) {
    if (!offersTls(settings)) {
      return List.of();
    }
    var files = new ArrayList<>(List.of(layout.cert("server.key"), layout.cert("server.crt")));
    if (settings.text("pgbouncer_sslmode").startsWith("verify-")) {
      files.add(layout.cert("ca.crt"));
    }
    return files;
  }

  private static String ini(Site site, Accounts accounts) {
    var out = new StringBuilder("[databases]\n");
    databases(site).forEach(out::append);
    if (asksApart(site)) {
      // In this order of its words it stays when the others are sent to another host.
      out.append(
          "%s = dbname=postgres port=%d host=%s\n"
              .formatted(PASSWORDS, site.instance().ports().postgres(), site.layout().run()));
    }
    var users = userOptions(accounts);
    if (!users.isEmpty()) {
      out.append("\n[users]\n");
      users.forEach(out::append);
    }
    out.append("\n[pgbouncer]\n");
    settings(site)
        .forEach((key, value) -> out.append(key).append(" = ").append(value).append('\n'));
    return out.toString();
  }

  private static List<String> databases(Site site) {
    var declared = new LinkedHashMap<String, String>();
    declared.put(site.settings().text("pg_primary_db"), "");
    for (Database database : site.cluster().databases()) {
      declared.remove(database.name());
      if (database.pooled() && database.state() != DesiredState.ABSENT) {
        declared.put(database.name(), poolOptions(database) + askedThere(site, database));
      }
    }
    var server =
        "host=%s port=%d".formatted(site.layout().run(), site.instance().ports().postgres());
    return declared.entrySet().stream()
        .map(e -> key("database", e.getKey()) + " = " + server + e.getValue() + '\n')
        .toList();
  }

  /** An operator's own way to ask knows that database only. */
  private static String askedThere(Site site, Database database) {
    return asksApart(site) && database.text("pool_auth_user").isPresent()
        ? " auth_dbname=" + value(database.name())
        : "";
  }

  private static String poolOptions(Database database) {
    var options = new StringBuilder();
    option(options, database, "pool_auth_user", "auth_user");
    option(options, database, "pool_mode", "pool_mode");
    option(options, database, "pool_size", "pool_size");
    option(options, database, "pool_size_min", "min_pool_size");
    option(options, database, "pool_reserve", "reserve_pool");
    option(options, database, "pool_connlimit", "max_db_connections");
    return options.toString();
  }

  private static void option(StringBuilder out, Database database, String field, String option) {
    database
        .text(field)
        .ifPresent(text -> out.append(' ').append(option).append('=').append(value(text)));
  }

  private static List<String> userOptions(Accounts accounts) {
    var lines = new ArrayList<String>();
    for (var account : accounts.pooled()) {
      var options = new ArrayList<String>();
      account.user().poolMode().ifPresent(mode -> options.add("pool_mode=" + value(mode)));
      account
          .user()
          .poolConnectionLimit()
          .ifPresent(limit -> options.add("max_user_connections=" + limit));
      if (!options.isEmpty()) {
        lines.add(key("user", account.name()) + " = " + String.join(" ", options) + '\n');
      }
    }
    return lines;
  }

  private static Map<String, String> settings(Site site) {
    var settings = site.settings();
    var layout = site.layout();
    var admin = settings.text("pg_admin_username");
    var out = new LinkedHashMap<String, String>();
    out.put("listen_addr", site.listen());
    out.put("listen_port", Integer.toString(site.instance().ports().pooler()));
    out.put("unix_socket_dir", layout.run().toString());
    out.put("auth_type", "hba");
    out.put("auth_file", layout.conf(USERS).toString());
    out.put("auth_hba_file", layout.conf(HBA).toString());
    if (asksForPasswords(site)) {
      out.put("auth_user", site.superuser());
      out.put("auth_query", PASSWORD);
      if (asksApart(site)) {
        out.put("auth_dbname", PASSWORDS);
      }
    }
    tls(out, site);
    out.put("admin_users", names(site.superuser(), admin));
    out.put("stats_users", names(site.superuser(), settings.text("pg_monitor_username")));
    out.put("pool_mode", settings.text("pgbouncer_poolmode"));
    out.put(
        "ignore_startup_parameters", String.join(", ", settings.texts("pgbouncer_ignore_param")));
    out.put("server_reset_query", "DISCARD ALL");
    if (layout.programs().pooler().keepsStatements()) {
      out.put("max_prepared_statements", "256");
    }
    limits(out);
    timeouts(out, site);
    out.put("log_connections", "0");
    out.put("log_disconnections", "0");
    return out;
  }

  private static void tls(Map<String, String> out, Site site) {
    var files = certificates(site.settings(), site.layout());
    if (files.isEmpty()) {
      return;
    }
    out.put("client_tls_sslmode", site.settings().text("pgbouncer_sslmode"));
    out.put("client_tls_key_file", files.get(0).toString());
    out.put("client_tls_cert_file", files.get(1).toString());
    files.stream().skip(2).forEach(ca -> out.put("client_tls_ca_file", ca.toString()));
  }

  private static void limits(Map<String, String> out) {
    out.put("max_client_conn", "20000");
    out.put("default_pool_size", "50");
    out.put("min_pool_size", "0");
    out.put("reserve_pool_size", "30");
    out.put("reserve_pool_timeout", "1");
    out.put("max_db_connections", "100");
    out.put("max_user_connections", "100");
  }

  private static void timeouts(Map<String, String> out, Site site) {
    var timing = site.cluster().timing().pooling();
    out.put("server_lifetime", "600");
    out.put("server_login_retry", seconds(timing.loginRetry()));
    out.put("server_connect_timeout", seconds(timing.connect()));
    out.put("query_wait_timeout", seconds(timing.queryWait()));
    out.put("tcp_keepalive", "1");
    out.put("tcp_keepidle", "10");
    out.put("tcp_keepintvl", "3");
    out.put("tcp_keepcnt", "3");
    out.put("tcp_user_timeout", Long.toString(timing.userTimeout().toMillis()));
  }

  private static String seconds(Duration time) {
    return BigDecimal.valueOf(time.toMillis(), 3).stripTrailingZeros().toPlainString();
  }

  private static String names(String... names) {
    return new LinkedHashSet<>(List.of(names))
        .stream().map(PgbouncerFiles::listed).collect(Collectors.joining(", "));
  }

  /** A name in a comma separated list, where PgBouncer knows no quoting. */
  private static String listed(String name) {
    if (name.matches("[A-Za-z0-9_.@$-]+")) {
      return name;
    }
    throw new RenderException(
        "'%s': PgBouncer cannot take this name for an administrator; use letters, digits and _.@$- only"
            .formatted(name));
  }

  /** What stands before an equals sign, where PgBouncer (1.18) knows no quoting either. */
  private static String key(String kind, String name) {
    if (name.matches("[A-Za-z0-9_.-]+")) {
      return name;
    }
    throw new RenderException(
        "%s '%s': PgBouncer cannot write this name in its settings; use letters, digits and _.- only, or leave it out of the pooler"
            .formatted(kind, name));
  }

  /** A value of a connection string. */
  private static String value(String text) {
    return text.matches("[A-Za-z0-9_./-]+") ? text : '\'' + oneLine(text).replace("'", "''") + '\'';
  }

  private static String quoted(String name) {
    return '"' + oneLine(name).replace("\"", "\"\"") + '"';
  }

  private static String oneLine(String text) {
    if (text.chars().anyMatch(c -> c < ' ' || c == 127)) {
      throw new RenderException(
          "'%s': PgBouncer's files cannot hold control characters".formatted(text.strip()));
    }
    return text;
  }
}
