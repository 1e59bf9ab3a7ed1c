package dev.matriarch.inventory;

import static java.util.Objects.requireNonNull;

/**
 * One server of the consensus store.
 *
 * @param seq its number, unique in the etcd cluster
 * @param zone {@code node_zone} as declared beside it; empty when it was not
 */
public record EtcdMember(
    String name, int seq, Address address, int clientPort, int peerPort, String zone) {
  public EtcdMember {
    requireNonNull(name, "name is null");
    requireNonNull(address, "address is null");
    requireNonNull(zone, "zone is null");
  }
}
