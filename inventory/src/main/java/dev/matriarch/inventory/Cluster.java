package dev.matriarch.inventory;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * A PostgreSQL cluster: the namespace of its instances, services, databases and users (P2).
 *
 * @param instances as declared, exactly one of them the primary (P92)
 * @param services in effect: the defaults, overridden and extended by {@code pg_services} (P52)
 * @param databases {@code pg_databases}
 * @param defaultRoles {@code pg_default_roles}, in the order of their creation
 * @param users {@code pg_users}
 * @param hbaRules defaults and own ones, in the order in which they are asked
 * @param poolerHbaRules the same for the pooler
 * @param settings the parameters in effect for the cluster as a whole
 */
public record Cluster(
    String name,
    List<Instance> instances,
    List<Service> services,
    List<Database> databases,
    List<User> defaultRoles,
    List<User> users,
    List<HbaRule> hbaRules,
    List<HbaRule> poolerHbaRules,
    ConfTemplate template,
    Timing timing,
    Durability durability,
    Settings settings) {
  public Cluster {
    requireNonNull(name, "name is null");
    instances = List.copyOf(instances);
    services = List.copyOf(services);
    databases = List.copyOf(databases);
    defaultRoles = List.copyOf(defaultRoles);
    users = List.copyOf(users);
    hbaRules = List.copyOf(hbaRules);
    poolerHbaRules = List.copyOf(poolerHbaRules);
    requireNonNull(template, "template is null");
    requireNonNull(timing, "timing is null");
    requireNonNull(durability, "durability is null");
    requireNonNull(settings, "settings is null");
    if (instances.stream().filter(i -> i.role() == InstanceRole.PRIMARY).count() != 1) {
      throw new IllegalArgumentException(name + " needs exactly one primary");
    }
  }

  /** The instance that starts as the leader. */
  public Instance primary() {
    return instances.stream()
        .filter(i -> i.role() == InstanceRole.PRIMARY)
        .findFirst()
        .orElseThrow();
  }

  /** The instance of that name, such as {@code pg-test-1}. */
  public Optional<Instance> instance(String instanceName) {
    return instances.stream().filter(i -> i.name().equals(instanceName)).findFirst();
  }

  /** The service of that suffix, such as {@code primary}. */
  public Optional<Service> service(String suffix) {
    return services.stream().filter(s -> s.name().equals(suffix)).findFirst();
  }

  /** The members that could lead are two: nobody else can tell what the other of them lacks. */
  public boolean hasTwoMembers() {
    return instances.stream().filter(i -> i.role() != InstanceRole.DELAYED).count() == 2;
  }

  /** {@code pg_two_node_policy}, also of a cluster that has more members for now. */
  public TwoNodePolicy twoNodePolicy() {
    return TwoNodePolicy.of(settings.text("pg_two_node_policy"), durability);
  }

  /** {@code <pg_namespace>/<cluster>}, under which the cluster's keys live in etcd. */
  public String keyPrefix() {
    return settings.text("pg_namespace") + "/" + name;
  }
}
