package dev.matriarch.agent.config;

import dev.matriarch.agent.config.Entry.Mapping;
import dev.matriarch.inventory.Problem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the agent's file and the environment; tells all that is wrong at once. */
final class ConfigReader {
  private static final Pattern MEMBER_NAME = Pattern.compile("[^/\\s\\p{Cntrl}]+");

  private static final String NOBODY = "__patroni_strict_sync_replica_placeholder__";

  private final Map<String, String> environment;
  private final List<Problem> problems = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();

  private ConfigReader(Map<String, String> environment) {
    this.environment = environment;
  }

  static ConfigResult read(Path file, Map<String, String> environment) {
    ConfigReader reader = new ConfigReader(environment);
    return reader.result(
        new ConfigSource(environment, reader.problems, reader.warnings).read(file));
  }

  static ConfigResult read(Map<String, String> environment) {
    ConfigReader reader = new ConfigReader(environment);
    return reader.result(new ConfigSource(environment, reader.problems, reader.warnings).read());
  }

  private ConfigResult result(Optional<Mapping> read) {
    Optional<AgentConfig> config =
        read.map(mapping -> config(new Section("", mapping, problems, warnings)));
    warnings.sort(Problem.BY_LINE);
    return config.isPresent() && problems.isEmpty()
        ? new ConfigResult.Loaded(config.get(), warnings)
        : new ConfigResult.Rejected(problems.stream().distinct().sorted(Problem.BY_LINE).toList());
  }

  private AgentConfig config(Section file) {
    Optional<MatriarchConfig> matriarch =
        file.has("matriarch")
            ? Optional.of(MatriarchReader.read(file.section("matriarch")))
            : Optional.empty();
    AgentConfig config =
        new AgentConfig(
            name(file, "scope", "name the cluster"),
            file.text("namespace", "service").replaceAll("^/+|/+$", ""),
            name(file, "name", "name this member"),
            LogReader.read(file.section("log")),
            RestReader.read(file.section("restapi")),
            RestReader.peers(file.section("ctl"), file.section("restapi")),
            EtcdReader.read(file),
            bootstrap(file.section("bootstrap")),
            PostgresReader.read(
                file.section("postgresql"), matriarch.map(MatriarchConfig::runDir), environment),
            TagsReader.read(file.section("tags"), file),
            watchdog(file.section("watchdog")),
            matriarch);
    // Threads cost nothing here.
    file.tolerate("thread_pool_size", "thread_stack_size");
    file.done();
    return config;
  }

  private static String name(Section file, String key, String wayOut) {
    String name = file.required(key, wayOut);
    if (!MEMBER_NAME.matcher(name).matches()) {
      file.reject(key, "cannot be a part of a key in etcd", "leave out blanks and slashes");
    }
    if (name.equals(NOBODY)) {
      file.reject(key, "stands for nobody in synchronous_standby_names", "take another");
    }
    return name;
  }

  private static BootstrapConfig bootstrap(Section bootstrap) {
    String dcs = "{}";
    Optional<Entry> entry = bootstrap.entry("dcs");
    if (entry.isPresent() && entry.get() instanceof Mapping mapping) {
      dcs = YamlJson.object(mapping).toString();
    } else if (entry.isPresent()) {
      bootstrap.reject("dcs", "is no section", "write its keys indented below it");
    }
    String method = bootstrap.text("method", "initdb");
    BootstrapConfig config =
        new BootstrapConfig(
            dcs,
            bootstrap.options("initdb"),
            method.equals("initdb")
                ? Optional.empty()
                : Optional.of(MethodReader.read(bootstrap, method)),
            bootstrap.texts("pg_hba"),
            bootstrap.text("post_bootstrap").or(() -> bootstrap.text("post_init")).orElse(""));
    bootstrap.done();
    return config;
  }

  private static WatchdogConfig watchdog(Section watchdog) {
    Duration margin = Duration.ofSeconds(watchdog.number("safety_margin", -1, 3600, 5));
    WatchdogConfig config =
        new WatchdogConfig(
            watchdog.word("mode", WatchdogConfig.Mode.class, WatchdogConfig.DEFAULT.mode()),
            watchdog.word("driver", WatchdogConfig.Driver.class, WatchdogConfig.DEFAULT.driver()),
            watchdog.text("device", WatchdogConfig.DEFAULT.device()),
            margin);
    watchdog.done();
    return config;
  }
}
