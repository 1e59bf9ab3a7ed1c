package dev.matriarch.testbed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Debian's vip-manager on each host, with an address of its own, asking the agent beside it who
 * leads.
 */
final class FieldVips implements AutoCloseable {
  private static final String VIP = "10.10.10.3";
  private static final Duration SOON = Duration.ofMinutes(1);

  private final Cluster cluster;
  private final List<Proc> managers = new ArrayList<>();

  private FieldVips(Cluster cluster) {
    this.cluster = cluster;
  }

  static FieldVips start(Cluster cluster) {
    FieldVips all = new FieldVips(cluster);
    for (Host host : cluster.hosts()) {
      all.managers.add(
          host.start(
              "vip-manager",
              Launch.of(
                  "vip-manager",
                  "--ip=" + VIP,
                  "--netmask=24",
                  "--interface=eth0",
                  "--trigger-key=/pg/" + cluster.plan().cluster() + "/leader",
                  "--trigger-value=" + cluster.instance(host),
                  "--dcs-endpoints=http://" + host.address() + ":8008")));
    }
    return all;
  }

  /** Waits until the primary's host has the address, and no other. */
  void awaitAtPrimary() {
    Await.until(
        VIP + " at the primary",
        SOON,
        () ->
            cluster
                .observe()
                .primary()
                .map(name -> List.of(cluster.host(name).address()))
                .filter(holders()::equals)
                .isPresent(),
        () -> holders() + "\n" + cluster.situation());
  }

  private List<String> holders() {
    return AddressesTest.holders(cluster.hosts(), VIP);
  }

  /** Each takes its address off as it ends. */
  @Override
  public void close() {
    managers.forEach(manager -> manager.stop(SOON));
  }
}
