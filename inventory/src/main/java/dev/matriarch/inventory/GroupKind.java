package dev.matriarch.inventory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tells from its name and parameters what a group is. */
final class GroupKind {
  private static final List<String> CLUSTER_FAMILIES =
      List.of("pg_", "pgb_", "pgbouncer_", "pgbackrest_", "patroni_");

  private GroupKind() {}

  static Group.Kind of(String name, Map<String, Yaml.Entry> parts, boolean pgAround) {
    List<String> ofHosts = new ArrayList<>();
    if (parts.containsKey("hosts")
        && parts.get("hosts").value() instanceof Yaml.Mapping(var hosts, int _)) {
      hosts.values().forEach(host -> ofHosts.addAll(keys(host.value())));
    }
    if (name.equals("etcd") || ofHosts.contains("etcd_seq")) {
      return Group.Kind.ETCD;
    }
    if (name.equals("infra") || ofHosts.contains("infra_seq")) {
      return Group.Kind.INFRA;
    }
    List<String> names = new ArrayList<>(ofHosts);
    if (parts.containsKey("vars")) {
      names.addAll(keys(parts.get("vars").value()));
    }
    return pgAround || name.startsWith("pg-") || names.stream().anyMatch(GroupKind::isOfCluster)
        ? Group.Kind.CLUSTER
        : Group.Kind.OTHER;
  }

  private static boolean isOfCluster(String name) {
    return CLUSTER_FAMILIES.stream().anyMatch(name::startsWith);
  }

  private static Set<String> keys(Yaml yaml) {
    return yaml instanceof Yaml.Mapping(var entries, int _) ? entries.keySet() : Set.of();
  }
}
