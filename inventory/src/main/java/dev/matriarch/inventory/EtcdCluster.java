package dev.matriarch.inventory;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * The consensus store that all clusters of the inventory share; an odd number of members (P144).
 *
 * @param declared false when the inventory names no {@code etcd} group and the first hosts run it
 * @param settings the parameters in effect for it
 */
public record EtcdCluster(
    String name, List<EtcdMember> members, boolean declared, Settings settings) {
  public EtcdCluster {
    requireNonNull(name, "name is null");
    members = List.copyOf(members);
    requireNonNull(settings, "settings is null");
  }
}
