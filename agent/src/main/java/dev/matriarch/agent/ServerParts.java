package dev.matriarch.agent;

import static java.util.Objects.requireNonNull;

import dev.matriarch.agent.config.AgentConfig;
import dev.matriarch.agent.config.Credentials;
import dev.matriarch.agent.config.DynamicConfig;
import dev.matriarch.agent.config.MatriarchConfig;
import dev.matriarch.agent.config.MatriarchConfig.DatabaseEntry;
import dev.matriarch.agent.config.MatriarchConfig.GuardConfig;
import dev.matriarch.agent.config.MatriarchConfig.GuardMode;
import dev.matriarch.agent.config.MatriarchConfig.UserEntry;
import dev.matriarch.agent.config.PostgresConfig;
import dev.matriarch.agent.guard.LeaseGuard;
import dev.matriarch.agent.script.DataPrograms;
import dev.matriarch.agent.script.Hooks;
import dev.matriarch.engine.SlotKind;
import dev.matriarch.engine.SlotRules;
import dev.matriarch.postgres.InitOptions;
import dev.matriarch.postgres.Originals;
import dev.matriarch.postgres.OsUser;
import dev.matriarch.postgres.PostgresServer;
import dev.matriarch.postgres.Provision;
import dev.matriarch.postgres.Secret;
import dev.matriarch.postgres.ServerSpec;
import dev.matriarch.postgres.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The server's part of the configuration, in the terms of the {@code postgres} room.
 *
 * @param config the agent's configuration
 * @param spec where the server lives
 */
record ServerParts(AgentConfig config, ServerSpec spec) {
  private static final Pattern COMMA = Pattern.compile(",");

  ServerParts {
    requireNonNull(config, "config is null");
    requireNonNull(spec, "spec is null");
  }

  /**
   * @throws IllegalArgumentException with a sentence for the operator if it cannot be used
   */
  static ServerParts of(AgentConfig config) {
    PostgresConfig postgres = config.postgres();
    Path runDir =
        config.matriarch().map(MatriarchConfig::runDir).orElseGet(() -> besides(postgres.pgpass()));
    Credentials superuser = postgres.superuser().credentials();
    return new ServerParts(
        config,
        new ServerSpec(
            postgres.dataDir(),
            postgres.binDir().orElseGet(ServerParts::fromPath),
            postgres.listen(),
            postgres.port(),
            postgres.socketDir(),
            runDir,
            account(),
            superuser.username(),
            secret(superuser),
            config.scope(),
            postgres.pgpass().toAbsolutePath(),
            new Originals(
                postgres.customConf(),
                postgres.configDir().filter(folder -> !folder.equals(postgres.dataDir())))));
  }

  /** Where several agents share the folder of their password files, each has its own beside it. */
  private static Path besides(Path pgpass) {
    return pgpass.toAbsolutePath().resolveSibling(pgpass.getFileName() + ".run");
  }

  /** The server needs none of the rights that the agent keeps for its packet filter. */
  private static OsUser account() {
    OsUser fitting = OsUser.fitting();
    List<String> launcher =
        new ArrayList<>(fitting.launcher().isEmpty() ? List.of("setpriv") : fitting.launcher());
    launcher.addAll(List.of("--inh-caps=-all", "--ambient-caps=-all"));
    return new OsUser(fitting.name(), launcher);
  }

  private static Path fromPath() {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      Path candidate = Path.of(folder).toAbsolutePath();
      if (Files.isExecutable(candidate.resolve("postgres"))) {
        return candidate;
      }
    }
    throw new IllegalArgumentException(
        "postgresql.bin_dir: not given, and no folder of PATH holds postgres; name the folder");
  }

  private static Optional<Secret> secret(Credentials credentials) {
    return credentials.password().isEmpty()
        ? Optional.empty()
        : Optional.of(new Secret(credentials.password()));
  }

  private static Secret required(Credentials credentials, String key) {
    return secret(credentials)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "postgresql.authentication." + key + ".password: missing; give one"));
  }

  /** The server's settings under this dynamic configuration. */
  Settings settings(DynamicConfig dynamic) {
    Map<String, String> wide = new LinkedHashMap<>();
    Map<String, String> file = new LinkedHashMap<>();
    dynamic
        .parameters()
        .forEach((name, value) -> (ClusterWide.contains(name) ? wide : file).put(name, value));
    config
        .postgres()
        .parameters()
        .forEach(
            (name, value) -> {
              if (!ClusterWide.contains(name)) {
                file.put(name, value);
              }
            });
    Map<String, String> sockets = sockets(file.getOrDefault("unix_socket_directories", ""));
    file.remove("unix_socket_directories");
    SlotRules slots = dynamic.settings().slots();
    boolean logical =
        slots.used()
            && slots.permanent().values().stream().anyMatch(SlotKind.Logical.class::isInstance);
    boolean standing = dynamic.settings().source().isPresent();
    if (logical && !standing && !config.tags().tags().nostream()) {
      // The leader has to hear what standbys need to decode with, all the way up.
      file.put("hot_standby_feedback", "on");
    }
    // A plain patroni.yml says who gets in, the agent too; lines of ours would come before its own.
    Settings.LocalAccess access =
        config.matriarch().isPresent()
            ? Settings.LocalAccess.PEER_FIRST
            : Settings.LocalAccess.AS_GIVEN;
    Settings settings =
        Settings.defaults()
            .withCommandLine(ClusterWide.usable(wide))
            .withCommandLine(sockets)
            .withFile(file)
            .with(access);
    return settings
        .withHba(firstGiven(config.postgres().hba(), dynamic.hba()))
        .withIdent(firstGiven(config.postgres().ident(), dynamic.ident()));
  }

  /** The agent's own socket comes first; where others look for theirs is their matter. */
  private Map<String, String> sockets(String given) {
    Set<String> folders = new LinkedHashSet<>(List.of(spec.socketDir().toString()));
    COMMA
        .splitAsStream(given)
        .map(String::strip)
        .filter(folder -> !folder.isEmpty())
        .forEach(folders::add);
    return folders.size() == 1
        ? Map.of()
        : Map.of("unix_socket_directories", String.join(",", folders));
  }

  private static List<String> firstGiven(List<String> own, List<String> shared) {
    return own.isEmpty() ? shared : own;
  }

  Directory.Login replicator() {
    Credentials login = config.postgres().replication().credentials();
    return new Directory.Login(login.username(), required(login, "replication"));
  }

  /** libpq keywords for connections to other members. */
  Map<String, String> tls() {
    return config.postgres().replication().options();
  }

  ServerHands.Recipe recipe() {
    Credentials rewind = config.postgres().rewind().credentials();
    return new ServerHands.Recipe(
        new Directory.Login(rewind.username(), required(rewind, "rewind")),
        rewinderOptions(),
        config.tags().tags().nostream(),
        new Hooks(
            spec.osUser().launcher(),
            config.postgres().hooks().prePromote(),
            config.postgres().hooks().beforeStop()),
        config.postgres().controlTimeout());
  }

  /** Where the role has none of its own, those that let the replicator in will do. */
  private Map<String, String> rewinderOptions() {
    Map<String, String> own = config.postgres().rewind().options();
    return own.isEmpty() ? tls() : own;
  }

  DataHands data(PostgresServer postgres) {
    Credentials superuser = config.postgres().superuser().credentials();
    return new DataHands(
        postgres,
        new DataPrograms(
            spec.osUser().name(),
            spec.osUser().launcher(),
            config.scope(),
            spec.dataDir(),
            spec.runDir()),
        new DataHands.First(
            new InitOptions(secret(superuser), initdb()),
            provision(),
            new Provision.Role(
                superuser.username(),
                secret(superuser),
                List.of(),
                List.of(Provision.Right.LOGIN, Provision.Right.SUPERUSER)),
            config.bootstrap().method(),
            config.bootstrap().hba(),
            config.bootstrap().postBootstrap()),
        new DataHands.Others(
            config.postgres().methods(),
            config.postgres().methodOrder(),
            config.postgres().basebackup()));
  }

  private Map<String, String> initdb() {
    Map<String, String> given = config.bootstrap().initdb();
    Map<String, String> options = new LinkedHashMap<>();
    if (!given.containsKey("auth")) {
      options.put("auth-local", "peer");
      options.put("auth-host", "scram-sha-256");
    }
    options.putAll(given);
    return options;
  }

  private Provision provision() {
    List<Provision.Role> roles = new ArrayList<>();
    Credentials rewind = config.postgres().rewind().credentials();
    Credentials superuser = config.postgres().superuser().credentials();
    boolean sameLogin = rewind.username().equals(replicator().user());
    roles.add(
        sameLogin
            ? new Provision.Role(
                rewind.username(),
                secret(rewind),
                List.of(),
                List.of(Provision.Right.LOGIN, Provision.Right.REPLICATION, Provision.Right.REWIND))
            : Provision.replicator(replicator().user(), replicator().password()));
    if (!sameLogin && !rewind.username().equals(superuser.username())) {
      roles.add(Provision.rewinder(rewind.username(), required(rewind, "rewind")));
    }
    List<Provision.Database> databases = new ArrayList<>();
    config
        .matriarch()
        .ifPresent(
            section -> {
              section.users().forEach(user -> roles.add(role(user)));
              section.databases().forEach(database -> databases.add(database(database)));
            });
    return new Provision(roles, databases);
  }

  private static Provision.Role role(UserEntry user) {
    List<Provision.Right> rights = new ArrayList<>();
    right(user, "login", true, Provision.Right.LOGIN, rights);
    right(user, "superuser", false, Provision.Right.SUPERUSER, rights);
    right(user, "createdb", false, Provision.Right.CREATEDB, rights);
    right(user, "createrole", false, Provision.Right.CREATEROLE, rights);
    right(user, "replication", false, Provision.Right.REPLICATION, rights);
    right(user, "bypassrls", false, Provision.Right.BYPASSRLS, rights);
    Optional<Secret> password =
        user.verifier().isEmpty() ? Optional.empty() : Optional.of(new Secret(user.verifier()));
    return new Provision.Role(user.name(), password, user.roles(), rights);
  }

  private static void right(
      UserEntry user,
      String option,
      boolean given,
      Provision.Right right,
      List<Provision.Right> rights) {
    if (Boolean.parseBoolean(user.options().getOrDefault(option, Boolean.toString(given)))) {
      rights.add(right);
    }
  }

  private static Provision.Database database(DatabaseEntry database) {
    return new Provision.Database(
        database.name(),
        database.owner().isEmpty() ? Optional.empty() : Optional.of(database.owner()));
  }

  LeaseGuard guard(InstantSource monotonic) {
    GuardConfig wanted =
        config
            .matriarch()
            .map(MatriarchConfig::guard)
            .orElseGet(() -> new GuardConfig(GuardMode.OFF, "", List.of()));
    return new LeaseGuard(config.name(), wanted, monotonic);
  }
}
