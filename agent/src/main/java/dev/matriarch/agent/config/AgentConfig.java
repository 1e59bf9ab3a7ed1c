package dev.matriarch.agent.config;

import static java.util.Objects.requireNonNull;

import dev.matriarch.etcd.ClusterKeys;
import dev.matriarch.etcd.EtcdConfig;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The agent's local configuration: its YAML file with the environment over it (drop-in contract,
 * sections 1 and 2).
 *
 * @param scope the cluster's name
 * @param namespace the prefix of its keys in etcd, without slashes around it
 * @param name this member
 * @param matriarch what goes beyond the controller; empty where the agent is just that
 */
public record AgentConfig(
    String scope,
    String namespace,
    String name,
    LogConfig log,
    RestConfig rest,
    PeerAccess peers,
    EtcdConfig etcd,
    BootstrapConfig bootstrap,
    PostgresConfig postgres,
    MemberTags tags,
    WatchdogConfig watchdog,
    Optional<MatriarchConfig> matriarch) {
  public AgentConfig {
    requireNonNull(scope, "scope is null");
    requireNonNull(namespace, "namespace is null");
    requireNonNull(name, "name is null");
    requireNonNull(log, "log is null");
    requireNonNull(rest, "rest is null");
    requireNonNull(peers, "peers is null");
    requireNonNull(etcd, "etcd is null");
    requireNonNull(bootstrap, "bootstrap is null");
    requireNonNull(postgres, "postgres is null");
    requireNonNull(tags, "tags is null");
    requireNonNull(watchdog, "watchdog is null");
    requireNonNull(matriarch, "matriarch is null");
  }

  /**
   * Reads a file, or all files of a folder, with the {@code PATRONI_*} variables of an environment
   * over it. All that is wrong is told at once; nothing is thrown for a user's mistake.
   */
  public static ConfigResult load(Path file, Map<String, String> environment) {
    return ConfigReader.read(file, environment);
  }

  /** Reads what an environment alone says. */
  public static ConfigResult load(Map<String, String> environment) {
    return ConfigReader.read(environment);
  }

  /** The names of the cluster's keys in etcd. */
  public ClusterKeys keys() {
    return ClusterKeys.of(namespace, scope);
  }
}
