package dev.matriarch.cli;

import java.util.Base64;
import java.util.random.RandomGenerator;

/** Writes the inventory of the demo: the seeds' {@code pg-test}, on loopback addresses. */
final class DemoInventory {
  /** The last part of the first node's address is one more than this. */
  private static final int BEFORE_FIRST = 10;

  /** The business user and its database. */
  static final String USER = "test";

  private final RandomGenerator random;

  /** With a source of passwords; a secure one, but for tests. */
  DemoInventory(RandomGenerator random) {
    this.random = random;
  }

  /** The address of a node, counted from 1. */
  static String address(int node) {
    return "127.0.0." + (BEFORE_FIRST + node);
  }

  /**
   * The whole file.
   *
   * @param nodes how many
   * @param postgres its major version
   * @param superuser of the databases; must be the OS user that runs PostgreSQL
   */
  String text(int nodes, int postgres, String superuser) {
    StringBuilder hosts = new StringBuilder();
    for (int node = 1; node <= nodes; node++) {
      hosts.append(
          "        %s: { pg_seq: %d, pg_role: %s }%n"
              .formatted(address(node), node, node == 1 ? "primary" : "replica"));
    }
    return """
    # Written by: matriarch demo. It holds passwords made for this demo only.
    all:
      vars:
        pg_version: %d
        pg_dbsu: %s
        node_firewall_intranet: [127.0.0.0/8]
        node_firewall_public_port: [22, 80, 443]
        pg_admin_password: %s
        pg_monitor_password: %s
        pg_replication_password: %s
        patroni_password: %s
        haproxy_admin_password: %s
      children:
        pg-test:
          hosts:
    %s      vars:
            pg_cluster: pg-test
            pg_users:
              - { name: %s, password: %s, roles: [dbrole_readwrite], pgbouncer: true }
            pg_databases:
              - { name: %s, owner: %s }
    """
        .formatted(
            postgres,
            superuser,
            password(),
            password(),
            password(),
            password(),
            password(),
            hosts,
            USER,
            password(),
            USER,
            USER);
  }

  /** 144 random bits in letters that need no quoting anywhere; the first keeps it a YAML text. */
  private String password() {
    byte[] bytes = new byte[18];
    random.nextBytes(bytes);
    return "p" + Base64.getUrlEncoder().encodeToString(bytes).replace('-', 'a').replace('_', 'b');
  }
}
