package dev.matriarch.testbed;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;

/**
 * A cluster to be started.
 *
 * @param cluster its name in the inventory
 * @param inventory the inventory's text
 * @param addresses the hosts of the inventory, in the order in which they are started
 * @param application a login of the inventory that may create tables in its database
 * @param launcher the {@code matriarch} command
 */
public record ClusterPlan(
    String cluster, String inventory, List<String> addresses, Login application, Path launcher) {
  /** Validates and freezes. */
  public ClusterPlan {
    requireNonNull(cluster, "cluster is null");
    requireNonNull(inventory, "inventory is null");
    addresses = List.copyOf(addresses);
    requireNonNull(application, "application is null");
    launcher = launcher.toAbsolutePath();
  }

  /**
   * The three hosts of the seeds, with an application user and more variables.
   *
   * @param variables lines of the cluster's {@code vars}, such as {@code pg_rto: 30}
   */
  public static ClusterPlan pgTest(Path launcher, String... variables) {
    Login application = new Login("app", "app", "app-of-the-testbed");
    StringBuilder text =
        new StringBuilder(
            """
            pg-test:
              hosts:
                10.10.10.11: { pg_seq: 1, pg_role: primary }
                10.10.10.12: { pg_seq: 2, pg_role: replica }
                10.10.10.13: { pg_seq: 3, pg_role: replica, pg_offline_query: true }
              vars:
                pg_cluster: pg-test
                pg_users:
                  - { name: app, password: app-of-the-testbed, pgbouncer: true, roles: [dbrole_admin] }
                pg_databases:
                  - { name: app, owner: app }
            """);
    for (String line : variables) {
      text.append("    ").append(line).append('\n');
    }
    return new ClusterPlan(
        "pg-test",
        text.toString(),
        List.of("10.10.10.11", "10.10.10.12", "10.10.10.13"),
        application,
        launcher);
  }

  /** The same, with its etcd on a host that is none of its own. */
  public ClusterPlan withEtcdOn(String address) {
    String etcd =
        "etcd: { hosts: { " + address + ": { etcd_seq: 1 } }, vars: { etcd_cluster: etcd } }\n";
    return new ClusterPlan(cluster, inventory + etcd, addresses, application, launcher);
  }
}
