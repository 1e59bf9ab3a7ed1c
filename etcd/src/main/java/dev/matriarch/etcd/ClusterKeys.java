package dev.matriarch.etcd;

import static java.util.Objects.requireNonNull;

/**
 * Names of one cluster's keys (drop-in contract, section 4).
 *
 * @param prefix of all of them, with a slash at either end: {@code /service/pg-test/}
 */
public record ClusterKeys(String prefix) {

  private static final String MEMBERS = "members/";

  public ClusterKeys {
    requireNonNull(prefix, "prefix");
    if (!prefix.startsWith("/") || !prefix.endsWith("/") || prefix.length() < 3) {
      throw new IllegalArgumentException("etcd prefix " + prefix + ": write it as /space/cluster/");
    }
  }

  /** Slashes around the namespace do not matter; an empty one puts clusters at the top. */
  public static ClusterKeys of(String namespace, String cluster) {
    String space = namespace.replaceAll("^/+|/+$", "");
    return new ClusterKeys((space.isEmpty() ? "/" : "/" + space + "/") + cluster + "/");
  }

  String initialize() {
    return prefix + "initialize";
  }

  public String leader() {
    return prefix + "leader";
  }

  String members() {
    return prefix + MEMBERS;
  }

  String member(String name) {
    return prefix + MEMBERS + name;
  }

  String config() {
    return prefix + "config";
  }

  String status() {
    return prefix + "status";
  }

  /** Where members older than the status key wrote the position alone. */
  String legacyPosition() {
    return prefix + "optime/leader";
  }

  String failover() {
    return prefix + "failover";
  }

  String sync() {
    return prefix + "sync";
  }

  String revoke() {
    return prefix + "revoke";
  }

  String history() {
    return prefix + "history";
  }

  String failsafe() {
    return prefix + "failsafe";
  }
}
