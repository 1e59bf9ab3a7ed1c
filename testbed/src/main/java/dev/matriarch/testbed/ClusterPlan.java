package dev.matriarch.testbed;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A cluster to be started.
 *
 * @param cluster its name in the inventory
 * @param inventory the inventory's text
 * @param addresses the hosts of its instances, in the order in which they are started
 * @param arbiters hosts that run a member of etcd and nothing else
 * @param application a login of the inventory that may create tables in its database
 * @param stack what runs on them
 */
public record ClusterPlan(
    String cluster,
    String inventory,
    List<String> addresses,
    List<String> arbiters,
    Login application,
    Stack stack) {
  private static final String NETWORK = "10.10.10.1";

  /** Validates and freezes. */
  public ClusterPlan {
    requireNonNull(cluster, "cluster is null");
    requireNonNull(inventory, "inventory is null");
    addresses = List.copyOf(addresses);
    arbiters = List.copyOf(arbiters);
    requireNonNull(application, "application is null");
    requireNonNull(stack, "stack is null");
  }

  /**
   * The three hosts of the seeds, with an application user and more variables.
   *
   * @param variables lines of the cluster's {@code vars}, such as {@code pg_rto: 30}
   */
  public static ClusterPlan pgTest(Path launcher, String... variables) {
    return pgTest(launcher, 3, variables);
  }

  /** The same with so many instances, 2 to 9; the last replica of three serves offline queries. */
  public static ClusterPlan pgTest(Path launcher, int instances, String... variables) {
    StringBuilder text = new StringBuilder("pg-test:\n  hosts:\n");
    List<String> addresses = new ArrayList<>();
    for (int seq = 1; seq <= instances; seq++) {
      addresses.add(NETWORK + seq);
      text.append("    ").append(addresses.getLast()).append(": { pg_seq: ").append(seq);
      text.append(", pg_role: ").append(seq == 1 ? "primary" : "replica");
      text.append(seq == 3 ? ", pg_offline_query: true }\n" : " }\n");
    }
    text.append(
        """
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
    Login application = new Login("app", "app", "app-of-the-testbed");
    return new ClusterPlan(
        "pg-test", text.toString(), addresses, List.of(), application, new Stack.Ours(launcher));
  }

  /** The same with one more user, who owns a database of his name. */
  public ClusterPlan withLogin(Login login) {
    String user =
        "- { name: %s, password: %s, pgbouncer: true }".formatted(login.user(), login.password());
    String database = "- { name: %s, owner: %s }".formatted(login.database(), login.user());
    String more =
        inventory
            .replace("    pg_users:\n", "    pg_users:\n      " + user + "\n")
            .replace("    pg_databases:\n", "    pg_databases:\n      " + database + "\n");
    return new ClusterPlan(cluster, more, addresses, arbiters, application, stack);
  }

  /** The same hosts and users with another stack, which may know nothing of the variables. */
  public ClusterPlan on(Stack another) {
    return new ClusterPlan(cluster, inventory, addresses, arbiters, application, another);
  }

  /**
   * The same, with its etcd on a host that is none of its own and that somebody else looks after.
   */
  public ClusterPlan withEtcdOn(String address) {
    return new ClusterPlan(
        cluster, inventory + etcd(List.of(address)), addresses, arbiters, application, stack);
  }

  /** The same, with a member of etcd on every instance's host and on one more, the arbiter. */
  public ClusterPlan withArbiter() {
    String arbiter = NETWORK + (addresses.size() + 1);
    List<String> all = new ArrayList<>(addresses);
    all.add(arbiter);
    return new ClusterPlan(
        cluster, inventory + etcd(all), addresses, List.of(arbiter), application, stack);
  }

  private static String etcd(List<String> members) {
    StringBuilder text = new StringBuilder("etcd:\n  hosts:\n");
    for (int i = 0; i < members.size(); i++) {
      text.append("    ").append(members.get(i)).append(": { etcd_seq: ").append(i + 1);
      text.append(" }\n");
    }
    return text.append("  vars: { etcd_cluster: etcd }\n").toString();
  }
}
