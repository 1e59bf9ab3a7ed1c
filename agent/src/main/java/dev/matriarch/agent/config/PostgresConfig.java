package dev.matriarch.agent.config;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The section {@code postgresql}.
 *
 * @param listen addresses that the server listens on, {@code *} for all
 * @param port its port
 * @param advertised where others reach it ({@code connect_address})
 * @param dataDir PGDATA, absolute
 * @param binDir folder of its programs; found through {@code PATH} when not given
 * @param pgpass where the agent writes passwords for libpq
 * @param socketDir folder of its Unix socket: {@code unix_socket_directories}' first
 * @param useUnixSocket the agent goes through the Unix socket
 * @param superuser {@code authentication.superuser}
 * @param replication {@code authentication.replication}
 * @param rewind {@code authentication.rewind}; the superuser when not given
 * @param parameters local parameters of postgresql.conf, as text
 * @param hba lines of pg_hba.conf; empty keeps the file that is there
 * @param ident lines of pg_ident.conf; empty keeps the file that is there
 * @param callbacks commands by event
 * @param basebackup long options of pg_basebackup without their dashes; an empty value is a flag
 * @param methods programs that can fill a replica's data directory
 * @param methodOrder the order in which they and {@code basebackup} are tried; empty for the latter
 * @param database the agent's database
 * @param proxy where a proxy in front of it listens ({@code proxy_address})
 * @param hooks commands that are waited for
 * @param customConf counts as the original postgresql.conf ({@code custom_conf})
 * @param configDir where the operator's own configuration files are ({@code config_dir})
 * @param undoing what the file says of data that diverged
 */
public record PostgresConfig(
    List<String> listen,
    int port,
    HostPort advertised,
    Path dataDir,
    Optional<Path> binDir,
    Path pgpass,
    Path socketDir,
    boolean useUnixSocket,
    DatabaseLogin superuser,
    DatabaseLogin replication,
    DatabaseLogin rewind,
    Map<String, String> parameters,
    List<String> hba,
    List<String> ident,
    Map<String, String> callbacks,
    Map<String, String> basebackup,
    List<CustomMethod> methods,
    List<String> methodOrder,
    String database,
    Duration controlTimeout,
    Optional<HostPort> proxy,
    Hooks hooks,
    Optional<Path> customConf,
    Optional<Path> configDir,
    UndoingChoice undoing) {

  /**
   * Commands that are waited for; empty for none.
   *
   * @param prePromote may forbid a promotion by its exit code
   * @param beforeStop runs before the server is stopped
   */
  public record Hooks(String prePromote, String beforeStop) {
    public Hooks {
      requireNonNull(prePromote, "prePromote is null");
      requireNonNull(beforeStop, "beforeStop is null");
    }
  }

  /**
   * A login to a server.
   *
   * @param options further connection parameters: sslmode, sslrootcert, sslcert, sslkey
   */
  public record DatabaseLogin(Credentials credentials, Map<String, String> options) {
    public DatabaseLogin {
      requireNonNull(credentials, "credentials is null");
      options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    }
  }

  public PostgresConfig {
    listen = List.copyOf(listen);
    requireNonNull(advertised, "advertised is null");
    requireNonNull(dataDir, "dataDir is null");
    requireNonNull(binDir, "binDir is null");
    requireNonNull(pgpass, "pgpass is null");
    requireNonNull(socketDir, "socketDir is null");
    requireNonNull(superuser, "superuser is null");
    requireNonNull(replication, "replication is null");
    requireNonNull(rewind, "rewind is null");
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    hba = List.copyOf(hba);
    ident = List.copyOf(ident);
    callbacks = Collections.unmodifiableMap(new LinkedHashMap<>(callbacks));
    basebackup = Collections.unmodifiableMap(new LinkedHashMap<>(basebackup));
    methods = List.copyOf(methods);
    methodOrder = List.copyOf(methodOrder);
    requireNonNull(database, "database is null");
    requireNonNull(controlTimeout, "controlTimeout is null");
    requireNonNull(proxy, "proxy is null");
    requireNonNull(hooks, "hooks is null");
    requireNonNull(customConf, "customConf is null");
    requireNonNull(configDir, "configDir is null");
    requireNonNull(undoing, "undoing is null");
  }

  /** Whether one of its programs makes a replica while nobody leads. */
  public boolean restoresAlone() {
    return methods.stream()
        .anyMatch(method -> method.noLeader() && methodOrder.contains(method.name()));
  }

  /** The proxy's address in the member's key; empty for none. */
  public String proxyUrl() {
    return proxy.map(at -> "postgres://" + at + "/" + database).orElse("");
  }

  /** The address in the member's key. */
  public String connUrl() {
    return "postgres://" + advertised + "/" + database;
  }
}
