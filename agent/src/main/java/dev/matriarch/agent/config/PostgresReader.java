package dev.matriarch.agent.config;

import dev.matriarch.agent.config.PostgresConfig.DatabaseLogin;
import dev.matriarch.agent.script.ShellWords;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads {@code postgresql}. */
final class PostgresReader {
  private static final int PORT = 5432;
  private static final Pattern COMMA = Pattern.compile(",");
  private static final Path SOCKETS = Path.of("/var/run/postgresql");
  private static final Set<String> EVERYWHERE = Set.of("*", "0.0.0.0", "::", "");

  private static final List<String> EVENTS =
      List.of("on_reload", "on_restart", "on_role_change", "on_start", "on_stop");
  private static final List<String> KEYWORDS =
      List.of(
          "sslmode",
          "sslkey",
          "sslpassword",
          "sslcert",
          "sslrootcert",
          "sslcrl",
          "sslcrldir",
          "sslnegotiation",
          "gssencmode",
          "channel_binding");

  private final Section section;
  private final Optional<Path> runDir;
  private final Map<String, String> environment;

  private PostgresReader(Section section, Optional<Path> runDir, Map<String, String> environment) {
    this.section = section;
    this.runDir = runDir;
    this.environment = environment;
  }

  static PostgresConfig read(
      Section section, Optional<Path> runDir, Map<String, String> environment) {
    return new PostgresReader(section, runDir, environment).config();
  }

  static boolean isEverywhere(String host) {
    return EVERYWHERE.contains(host);
  }

  private PostgresConfig config() {
    List<HostPort> listen = listen();
    int port = listen.getLast().port();
    Path dataDir = dataDir();
    Section authentication = section.section("authentication");
    DatabaseLogin superuser = login(authentication.section("superuser"), "postgres");
    DatabaseLogin replication = login(authentication.section("replication"), "replicator");
    boolean ownRewind = authentication.has("rewind");
    Map<String, String> parameters = parameters();
    PostgresConfig config =
        new PostgresConfig(
            listen.stream().map(HostPort::host).toList(),
            port,
            advertised(listen, port),
            dataDir,
            section.absolutePath("bin_dir"),
            section.absolutePath("pgpass").orElseGet(() -> home(dataDir).resolve("pgpass")),
            socketDir(parameters),
            section.flag("use_unix_socket", false),
            superuser,
            replication,
            ownRewind ? login(authentication.section("rewind"), "rewind_user") : superuser,
            parameters,
            section.texts("pg_hba"),
            section.texts("pg_ident"),
            callbacks(),
            section.options("basebackup"),
            createMethods(),
            methodOrder(),
            section.text("database", "postgres"),
            Duration.ofSeconds(section.number("pg_ctl_timeout", 1, 86_400, 60)),
            section.address("proxy_address", port),
            new PostgresConfig.Hooks(command("pre_promote"), command("before_stop")),
            section.absolutePath("custom_conf"),
            section.absolutePath("config_dir"),
            new UndoingChoice(
                choice(UndoingChoice.REWIND),
                choice(UndoingChoice.AFTER_FAILURE),
                choice(UndoingChoice.AFTER_DIVERGENCE)));
    authentication.done();
    section.tolerate("use_unix_socket_repl", "use_slots");
    section.done();
    return config;
  }

  private Map<String, String> callbacks() {
    Section callbacks = section.section("callbacks");
    callbacks.keys().stream()
        .filter(event -> !EVENTS.contains(event))
        .forEach(event -> callbacks.warn(event, "is no event"));
    return callbacks.texts();
  }

  private String command(String key) {
    String command = section.text(key, "");
    try {
      ShellWords.split(command);
    } catch (IllegalArgumentException e) {
      section.reject(key, e.getMessage(), "close the quote");
    }
    return command;
  }

  /** What a standby recovers with are parameters like any other. */
  private Map<String, String> parameters() {
    Map<String, String> all = new LinkedHashMap<>(section.section("parameters").texts());
    Section recovery = section.section("recovery_conf");
    for (String name : StandbyReader.RECOVERY) {
      recovery.text(name).ifPresent(value -> all.put(name, value));
    }
    recovery.done();
    return all;
  }

  /** The one that asks the leader itself is not among them. */
  private List<CustomMethod> createMethods() {
    List<CustomMethod> methods = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>(methodOrder());
    // A standby cluster has an order of its own, of methods that are described here.
    section.keys().stream().filter(this::isMethod).forEach(names::add);
    names.remove("basebackup");
    names.forEach(name -> methods.add(MethodReader.read(section, name)));
    return methods;
  }

  private boolean isMethod(String key) {
    return section.hasBelow(key, "command");
  }

  private Optional<Boolean> choice(String key) {
    return section.has(key) ? Optional.of(section.flag(key, false)) : Optional.empty();
  }

  /** Also by the name that it had once. */
  private List<String> methodOrder() {
    List<String> former = section.texts("create_replica_method");
    return section.has("create_replica_methods") ? section.texts("create_replica_methods") : former;
  }

  private Path dataDir() {
    section.required("data_dir", "give the absolute path of the data directory");
    return section.absolutePath("data_dir").orElse(Path.of("/"));
  }

  private Path home(Path dataDir) {
    String home = environment.getOrDefault("HOME", "");
    return home.startsWith("/") ? Path.of(home) : dataDir.resolveSibling("");
  }

  /** The addresses to listen on; each carries the port. */
  private List<HostPort> listen() {
    String text = section.text("listen", "127.0.0.1:" + PORT);
    List<String> hosts = COMMA.splitAsStream(text).toList();
    int port =
        Words.address(hosts.isEmpty() ? "" : hosts.getLast(), PORT)
            .map(HostPort::port)
            .orElse(PORT);
    List<HostPort> listen = new ArrayList<>();
    for (String host : hosts) {
      Optional<HostPort> address = Words.address(host, port);
      if (address.isEmpty() || port == 0) {
        section.reject("listen", "is no list of addresses", "write it as host,host:port");
        return List.of(new HostPort("127.0.0.1", PORT));
      }
      listen.add(new HostPort(address.get().host(), port));
    }
    return listen.isEmpty() ? List.of(new HostPort("127.0.0.1", port)) : listen;
  }

  private HostPort advertised(List<HostPort> listen, int port) {
    HostPort first =
        listen.stream()
            .filter(address -> !isEverywhere(address.host()))
            .findFirst()
            .orElse(listen.getFirst());
    HostPort advertised = section.address("connect_address", port).orElse(first);
    if (isEverywhere(advertised.host())) {
      section.reject(
          section.has("connect_address") ? "connect_address" : "listen",
          "is no address that others can reach",
          "set postgresql.connect_address to host:port");
    }
    return advertised;
  }

  private Path socketDir(Map<String, String> parameters) {
    String first =
        COMMA
            .splitAsStream(parameters.getOrDefault("unix_socket_directories", ""))
            .map(String::strip)
            .filter(text -> !text.isEmpty())
            .findFirst()
            .orElse("");
    if (first.isEmpty()) {
      return runDir.orElse(SOCKETS);
    }
    if (!first.startsWith("/")) {
      section.reject(
          "parameters",
          "names no folder in unix_socket_directories: " + first,
          "begin it with a slash");
      return SOCKETS;
    }
    return Path.of(first);
  }

  /** What libpq does not know would keep everybody from connecting. */
  private static DatabaseLogin login(Section login, String absentUser) {
    String user = login.text("username", absentUser);
    String password = login.text("password", "");
    Map<String, String> options = new LinkedHashMap<>();
    KEYWORDS.forEach(
        keyword -> login.text(keyword).ifPresent(value -> options.put(keyword, value)));
    login.done();
    if (user.isBlank()) {
      login.reject("username", "is empty", "name the role");
    }
    return new DatabaseLogin(new Credentials(user, password), options);
  }
}
