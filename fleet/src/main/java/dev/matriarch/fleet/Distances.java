package dev.matriarch.fleet;

import dev.matriarch.inventory.Cluster;
import dev.matriarch.inventory.Instance;
import dev.matriarch.inventory.Inventory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Whether hosts are near enough, by what their agents measured (P145, P192, P209): 10 ms to etcd
 * and within a zone; between zones 5 ms where commits wait for a replica, else 20 ms.
 */
final class Distances {
  private static final Duration NEAR = Duration.ofMillis(10);
  private static final Duration FAR_SYNCHRONOUS = Duration.ofMillis(5);
  private static final Duration FAR = Duration.ofMillis(20);

  /** A measured distance, and what it may be. */
  private record Way(String from, String to, Duration time, Duration most) {
    boolean isTooLong() {
      return time.compareTo(most) >= 0;
    }

    @Override
    public String toString() {
      return "%s to %s %s ms"
          .formatted(from, to, String.format(Locale.ROOT, "%.1f", time.toNanos() / 1e6));
    }
  }

  private final Inventory inventory;
  private final Cluster cluster;
  private final RoundTrips measured;

  private Distances(Inventory inventory, Cluster cluster, RoundTrips measured) {
    this.inventory = inventory;
    this.cluster = cluster;
    this.measured = measured;
  }

  static List<Check> of(Inventory inventory, Cluster cluster, RoundTrips measured) {
    Distances distances = new Distances(inventory, cluster, measured);
    List<Way> stores = distances.ways(measured.etcd(), true);
    List<Way> members = distances.ways(measured.members(), false);
    List<Check> checks = new ArrayList<>();
    checks.add(
        distances.judge(
            "etcd-latency",
            stores,
            inventory.etcd().members().size(),
            "etcd should be within 10 ms: put its members nearer, or raise pg_rto"));
    if (cluster.instances().size() > 1) {
      checks.add(
          distances.judge(
              "replication-latency",
              members,
              cluster.instances().size() - 1,
              cluster.durability().losesNothing()
                  ? "commits wait for it: within 10 ms in a zone and 5 ms between zones, or pg_rpo"
                      + " above 0"
                  : "within 10 ms in a zone and 20 ms between zones, or a standby cluster"));
    }
    return checks;
  }

  private List<Way> ways(SortedMap<String, SortedMap<String, Duration>> told, boolean toEtcd) {
    List<Way> ways = new ArrayList<>();
    told.forEach(
        (from, times) ->
            times.forEach(
                (to, time) -> ways.add(new Way(from, to, time, toEtcd ? NEAR : most(from, to)))));
    return ways;
  }

  private Duration most(String from, String to) {
    Optional<String> here = zone(from);
    Optional<String> there = zone(to);
    if (here.isEmpty() || there.isEmpty() || here.equals(there)) {
      return NEAR;
    }
    return cluster.durability().losesNothing() ? FAR_SYNCHRONOUS : FAR;
  }

  private Optional<String> zone(String instance) {
    return cluster
        .instance(instance)
        .map(Instance::address)
        .map(inventory::zone)
        .filter(zone -> !zone.isEmpty());
  }

  /**
   * @param targets how many ways each member should have told of
   */
  private Check judge(String name, List<Way> ways, int targets, String wayOut) {
    List<String> tooLong =
        ways.stream().filter(Way::isTooLong).map(Way::toString).sorted().toList();
    if (!tooLong.isEmpty()) {
      return Check.fails(name, String.join(", ", tooLong), wayOut);
    }
    SortedMap<String, Integer> missing = new TreeMap<>();
    cluster.instances().forEach(each -> missing.put(each.name(), targets));
    ways.forEach(way -> missing.merge(way.from(), -1, Integer::sum));
    missing.values().removeIf(count -> count <= 0);
    if (!missing.isEmpty()) {
      String first = missing.firstKey();
      String why = measured.silent().getOrDefault(first, "not all of them answered it");
      return new Check(
          name,
          Check.Verdict.UNKNOWN,
          String.join(", ", missing.keySet()) + " did not measure all",
          first + ": " + why);
    }
    return ways.stream()
        .max((a, b) -> a.time().compareTo(b.time()))
        .map(way -> Check.ok(name, "at most " + way))
        .orElseGet(() -> Check.ok(name, "nobody to be near to"));
  }
}
