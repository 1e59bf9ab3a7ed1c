package dev.matriarch.render;

import dev.matriarch.inventory.EtcdMember;
import dev.matriarch.inventory.HbaRule;
import dev.matriarch.inventory.Instance;
import dev.matriarch.inventory.InstanceRole;
import dev.matriarch.inventory.Inventory;
import dev.matriarch.inventory.Secret;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code conf/patroni.yml}: what the agent of one instance reads, in the format of the described
 * controller (agent contract section 2), so that its {@code patronictl} reads it too. What goes
 * beyond that is in {@link MatriarchSection}.
 */
final class AgentFile {
  static final String NAME = "patroni.yml";

  private final Site site;
  private final PostgresParameters parameters;
  private final Accounts accounts;

  private AgentFile(Site site, Accounts accounts) {
    this.site = site;
    this.parameters = new PostgresParameters(site);
    this.accounts = accounts;
  }

  static NodeFile of(Site site, Accounts accounts) {
    var file = new AgentFile(site, accounts).document();
    return new NodeFile(site.layout().conf(NAME), NodeFile.Mode.SECRET, YamlText.of(file));
  }

  private Map<String, Object> document() {
    var file = new LinkedHashMap<String, Object>();
    file.put("scope", site.cluster().name());
    file.put("namespace", site.settings().text("pg_namespace"));
    file.put("name", site.instance().name());
    file.put("restapi", restapi());
    file.put("etcd3", etcd(site.inventory()));
    file.put("bootstrap", bootstrap());
    file.put("postgresql", postgresql());
    file.put("watchdog", watchdog());
    file.put("tags", tags());
    file.put("matriarch", new MatriarchSection(site, accounts).map());
    return file;
  }

  private Map<String, Object> restapi() {
    var address = site.address().withPort(site.instance().ports().agent());
    return ordered(
        "listen",
        address,
        "connect_address",
        address,
        "authentication",
        login(
            site.settings().text("patroni_username"), site.settings().secret("patroni_password")));
  }

  static Map<String, Object> etcd(Inventory inventory) {
    return ordered(
        "hosts",
        inventory.etcd().members().stream()
            .map((EtcdMember m) -> m.address().withPort(m.clientPort()))
            .toList());
  }

  private Map<String, Object> bootstrap() {
    return ordered("dcs", dcs(), "initdb", initdb());
  }

  private Map<String, Object> dcs() {
    var timing = site.cluster().timing();
    var durability = site.cluster().durability();
    var dcs = new LinkedHashMap<String, Object>();
    dcs.put("ttl", timing.ttl().toSeconds());
    dcs.put("loop_wait", timing.loopWait().toSeconds());
    dcs.put("retry_timeout", timing.retryTimeout().toSeconds());
    dcs.put("primary_start_timeout", timing.primaryStartTimeout().toSeconds());
    dcs.put("primary_stop_timeout", timing.primaryStopTimeout().toSeconds());
    dcs.put("maximum_lag_on_failover", durability.maximumLag().count());
    dcs.put("maximum_lag_on_syncnode", -1);
    dcs.put(
        "synchronous_mode",
        switch (durability.mode()) {
          case OFF -> false;
          case QUORUM -> "quorum";
        });
    dcs.put("synchronous_mode_strict", durability.strict());
    dcs.put("failsafe_mode", true);
    dcs.put(
        "matriarch",
        ordered(
            "two_node_policy",
            switch (site.cluster().twoNodePolicy()) {
              case AVAILABILITY -> "availability";
              case CONSISTENCY -> "consistency";
            }));
    dcs.put(
        "postgresql",
        ordered(
            "use_pg_rewind", true,
            "use_slots", true,
            "remove_data_directory_on_rewind_failure", true,
            "remove_data_directory_on_diverged_timelines", false,
            "parameters", parameters.clusterWide()));
    site.cluster()
        .primary()
        .upstream()
        .ifPresent(upstream -> dcs.put("standby_cluster", standbyCluster(upstream.text())));
    return dcs;
  }

  private Map<String, Object> standbyCluster(String host) {
    Map<String, Object> source = ordered("host", host, "port", site.instance().ports().postgres());
    String delay = site.settings().text("pg_delay");
    if (!delay.equals("0")) {
      source.put("recovery_min_apply_delay", delay);
    }
    return source;
  }

  private List<Object> initdb() {
    var settings = site.settings();
    var options = new ArrayList<Object>();
    options.add(ordered("encoding", settings.text("pg_encoding")));
    options.add(ordered("locale", settings.text("pg_locale")));
    options.add(ordered("lc-collate", settings.text("pg_lc_collate")));
    options.add(ordered("lc-ctype", settings.text("pg_lc_ctype")));
    if (settings.flag("pg_checksum")) {
      options.add("data-checksums");
    }
    if (!settings.text("pg_wal_segsize").equals("16")) {
      options.add(ordered("wal-segsize", settings.text("pg_wal_segsize")));
    }
    return options;
  }

  private Map<String, Object> postgresql() {
    var layout = site.layout();
    var port = site.instance().ports().postgres();
    var section = new LinkedHashMap<String, Object>();
    section.put("listen", site.listen() + ":" + port);
    section.put("connect_address", site.address().withPort(port));
    section.put("use_unix_socket", true);
    section.put("data_dir", layout.pgData().toString());
    section.put("bin_dir", layout.programs().postgresBin().toString());
    section.put("pgpass", layout.run("pgpass").toString());
    section.put("authentication", authentication());
    section.put("create_replica_methods", List.of("basebackup"));
    section.put("basebackup", List.of(ordered("checkpoint", "fast")));
    section.put("parameters", parameters.local());
    section.put("pg_hba", hba());
    return section;
  }

  private Map<String, Object> authentication() {
    var settings = site.settings();
    var replication =
        login(settings.text("pg_replication_username"), settings.secret("pg_replication_password"));
    return ordered(
        "superuser",
        login(site.superuser(), settings.secret("pg_dbsu_password")),
        "replication",
        replication,
        "rewind",
        replication);
  }

  /**
   * The declared rules, then those for the business users of the pooler: its own rules have checked
   * them, and a user without any role must get in with no hand work. From the other members too:
   * after a switchover a pooler reaches the new primary across the network.
   */
  private List<String> hba() {
    var text = new HbaText(site, HbaText.Dialect.POSTGRES);
    var lines = new ArrayList<>(text.lines(site.cluster().hbaRules()));
    for (var account : accounts.pooledBusinessUsers()) {
      var title = "user of the pooler: " + account.name();
      lines.addAll(text.lines(List.of(rule(title, account, "local"))));
      lines.addAll(text.lines(List.of(rule(title, account, "cluster"))));
    }
    return lines;
  }

  private static HbaRule rule(String title, Accounts.Account account, String address) {
    return new HbaRule(
        title, Optional.empty(), "common", account.name(), "all", address, "pwd", List.of());
  }

  private Map<String, Object> watchdog() {
    return ordered(
        "mode",
        site.settings().text("patroni_watchdog_mode"),
        "device",
        "/dev/watchdog",
        "safety_margin",
        site.cluster().timing().safetyMargin().toSeconds());
  }

  /** A delayed instance is behind on purpose: it must neither lead nor hold up commits. */
  private Map<String, Object> tags() {
    var instance = site.instance();
    var delayed = instance.role() == InstanceRole.DELAYED;
    var tags =
        ordered(
            "nofailover", delayed, "clonefrom", true, "noloadbalance", false, "nosync", delayed);
    if (instance.role() != InstanceRole.PRIMARY) {
      instance
          .upstream()
          .flatMap(u -> site.members().stream().filter(m -> m.address().equals(u)).findFirst())
          .map(Instance::name)
          .ifPresent(name -> tags.put("replicatefrom", name));
    }
    return tags;
  }

  private static Map<String, Object> login(String username, Secret password) {
    return password.isEmpty()
        ? ordered("username", username)
        : ordered("username", username, "password", password.reveal());
  }

  /** A map in the order of its arguments: key, value, key, value. */
  static Map<String, Object> ordered(Object... keysAndValues) {
    var map = new LinkedHashMap<String, Object>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}
