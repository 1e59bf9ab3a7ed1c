package dev.matriarch.inventory;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * A host and everything that the inventory places on it.
 *
 * @param name {@code nodename}, else the first instance's name, else the address
 * @param infra its place in the {@code infra} group
 */
public record Node(
    Address address,
    String name,
    List<Instance> instances,
    Optional<EtcdMember> etcd,
    Optional<InfraNode> infra) {
  public Node {
    requireNonNull(address, "address is null");
    requireNonNull(name, "name is null");
    instances = List.copyOf(instances);
    requireNonNull(etcd, "etcd is null");
    requireNonNull(infra, "infra is null");
  }
}
