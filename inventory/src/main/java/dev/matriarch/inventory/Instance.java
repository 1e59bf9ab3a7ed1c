package dev.matriarch.inventory;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * One PostgreSQL server of a cluster, bound to one node.
 *
 * @param seq its number in the cluster, unique and greater than zero (P87)
 * @param role what it starts as
 * @param address of its node
 * @param nodeName as the parameter of that name says, or the instance's own name (P8, P94)
 * @param weight in HAProxy, 0 to 255 (P54)
 * @param offlineQuery also a member of the offline service (P102)
 * @param upstream on a primary: makes a standby cluster of that host; on another: whom it follows
 * @param settings the parameters in effect for this instance
 */
public record Instance(
    String cluster,
    int seq,
    InstanceRole role,
    Address address,
    String nodeName,
    Ports ports,
    int weight,
    boolean offlineQuery,
    Optional<Address> upstream,
    Settings settings) {
  public Instance {
    requireNonNull(cluster, "cluster is null");
    requireNonNull(role, "role is null");
    requireNonNull(address, "address is null");
    requireNonNull(nodeName, "nodeName is null");
    requireNonNull(ports, "ports is null");
    requireNonNull(upstream, "upstream is null");
    requireNonNull(settings, "settings is null");
    if (seq < 1) {
      throw new IllegalArgumentException("pg_seq " + seq + " of " + cluster);
    }
  }

  /** {@code <cluster>-<seq>} (P6). */
  public String name() {
    return cluster + "-" + seq;
  }

  /** True when the offline service and the offline HBA rules include it. */
  public boolean servesOffline() {
    return offlineQuery || role == InstanceRole.OFFLINE;
  }
}
