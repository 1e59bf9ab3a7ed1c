package dev.matriarch.inventory;

import java.util.List;

/**
 * A group of hosts that Matriarch acts on.
 *
 * @param vars of the group and of the groups around it, the group's own on top
 */
record Group(String name, Kind kind, Place place, Scope vars, List<Host> hosts) {
  /** What its hosts are. */
  enum Kind {
    CLUSTER,
    ETCD,
    INFRA,
    /** Its HAProxy offers the services of clusters that name it. */
    PROVIDER,
    OTHER
  }

  /** A host of the group. */
  record Host(Address address, Place place, Scope scope) {}
}
