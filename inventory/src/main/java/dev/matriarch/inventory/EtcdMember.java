package dev.matriarch.inventory;

import static java.util.Objects.requireNonNull;

/**
 * One server of the consensus store.
 *
 * @param seq its number, unique in the etcd cluster
 */
public record EtcdMember(String name, int seq, Address address, int clientPort, int peerPort) {
  public EtcdMember {
    requireNonNull(name, "name is null");
    requireNonNull(address, "address is null");
  }
}
