package dev.matriarch.fleet;

import static java.util.Objects.requireNonNull;

import dev.matriarch.inventory.Address;
import dev.matriarch.inventory.Cluster;
import dev.matriarch.inventory.ConfTemplate;
import dev.matriarch.inventory.EtcdMember;
import dev.matriarch.inventory.Instance;
import dev.matriarch.inventory.Inventory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a cluster needs before production relies on it (P145, P209), from what is declared. How far
 * hosts are apart is {@link Distances}' part.
 */
public final class Checklist {
  private static final int ENOUGH = 3;
  private static final Duration LEAST_RTO = Duration.ofSeconds(15);
  private static final Duration MOST_RTO = Duration.ofSeconds(60);

  private final Inventory inventory;
  private final Cluster cluster;

  private Checklist(Inventory inventory, Cluster cluster) {
    this.inventory = requireNonNull(inventory, "inventory is null");
    this.cluster = requireNonNull(cluster, "cluster is null");
  }

  /** Everything that needs no question to anybody. */
  public static List<Check> declared(Inventory inventory, Cluster cluster) {
    Checklist list = new Checklist(inventory, cluster);
    return List.of(
        list.members(),
        list.etcdMembers(),
        list.domains(),
        list.etcdDomains(),
        list.etcdApart(),
        list.template(),
        list.watchdog(),
        list.recoveryTime());
  }

  private Check members() {
    int count = cluster.instances().size();
    String found = count + (count == 1 ? " member" : " members");
    return count >= ENOUGH
        ? Check.ok("postgres-members", found)
        : Check.fails(
            "postgres-members",
            found,
            "declare at least 3: with 2, a lost primary leaves nobody to compare the replica with");
  }

  private Check etcdMembers() {
    int count = inventory.etcd().members().size();
    String found = count + (count == 1 ? " member" : " members");
    return count >= ENOUGH && count % 2 == 1
        ? Check.ok("etcd-members", found)
        : Check.fails(
            "etcd-members",
            found,
            "declare 3 or 5: with fewer, one lost host leaves no majority and nothing fails over");
  }

  private Check domains() {
    return spread(
        "failure-domains",
        cluster.instances().stream().map(Instance::address).toList(),
        cluster.instances().size());
  }

  private Check etcdDomains() {
    List<Address> hosts = inventory.etcd().members().stream().map(EtcdMember::address).toList();
    return spread("etcd-failure-domains", hosts, hosts.size() / 2 + 1);
  }

  /**
   * @param tooMany so many that fail together leave too few
   */
  private Check spread(String name, List<Address> hosts, int tooMany) {
    if (hosts.size() == 1) {
      return Check.fails(name, "a single host", "declare more");
    }
    Map<String, Integer> perHost = new TreeMap<>();
    Map<String, Integer> perZone = new TreeMap<>();
    Set<String> unplaced = new TreeSet<>();
    for (Address host : hosts) {
      // All addresses of the loopback interface are this machine.
      perHost.merge(host.text().startsWith("127.") ? "this machine" : host.text(), 1, Integer::sum);
      String zone = inventory.zone(host);
      if (zone.isEmpty()) {
        unplaced.add(host.text());
      } else {
        perZone.merge(zone, 1, Integer::sum);
      }
    }
    for (Map.Entry<String, Integer> host : perHost.entrySet()) {
      if (host.getValue() >= tooMany) {
        return Check.fails(
            name,
            host.getValue() + " of " + hosts.size() + " are on " + host.getKey(),
            "give each a host of its own");
      }
    }
    if (!unplaced.isEmpty()) {
      return Check.advice(
          name,
          perHost.size() + " hosts, whose zones are not known",
          "say node_zone (rack, zone, data centre) of " + String.join(", ", unplaced));
    }
    String found =
        perZone.entrySet().stream()
            .map(zone -> zone.getValue() + " in " + zone.getKey())
            .collect(Collectors.joining(", "));
    return perZone.values().stream().anyMatch(count -> count >= tooMany)
        ? Check.fails(name, found, "spread them: with that zone too many are lost at once")
        : Check.ok(name, found);
  }

  private Check etcdApart() {
    Set<Address> databases =
        inventory.clusters().stream()
            .flatMap(each -> each.instances().stream())
            .map(Instance::address)
            .collect(Collectors.toSet());
    List<String> shared =
        inventory.etcd().members().stream()
            .filter(member -> databases.contains(member.address()))
            .map(EtcdMember::name)
            .toList();
    return shared.isEmpty()
        ? Check.ok("etcd-apart", "etcd has hosts of its own")
        : Check.advice(
            "etcd-apart",
            String.join(", ", shared) + " beside PostgreSQL",
            "a management node that runs no database (group infra) is a quieter place for etcd");
  }

  private Check template() {
    boolean crit = cluster.template() == ConfTemplate.CRIT;
    String file = cluster.settings().text("pg_conf");
    if (crit) {
      return Check.ok("template", file + ": nothing that was acknowledged is lost");
    }
    if (cluster.durability().losesNothing()) {
      return Check.advice(
          "template",
          file + " with pg_rpo 0: without any standby commits are acknowledged alone",
          "take pg_conf: crit.yml, which makes them wait");
    }
    return Check.ok(
        "template", file + ": a failover may lose " + cluster.settings().text("pg_rpo") + " bytes");
  }

  private Check watchdog() {
    String mode = cluster.settings().text("patroni_watchdog_mode");
    return mode.equals("off")
        ? Check.advice(
            "watchdog",
            "off",
            "automatic or required resets a host whose kernel lets the agent hang; the fence and"
                + " the kernel lease stay without it")
        : Check.ok("watchdog", mode);
  }

  private Check recoveryTime() {
    Duration ttl = cluster.timing().ttl();
    String found = "pg_rto " + cluster.timing().plan() + ", ttl " + ttl.toSeconds() + " s";
    boolean usual = ttl.compareTo(LEAST_RTO) >= 0 && ttl.compareTo(MOST_RTO) <= 0;
    return usual
        ? Check.ok("recovery-time", found)
        : Check.advice(
            "recovery-time",
            found,
            "15 to 60 s suit most networks; drill it: matriarch drill failover " + cluster.name());
  }

  /** All that is a list of its own for a cluster: what is declared, then what was measured. */
  public static List<Check> whole(Inventory inventory, Cluster cluster, RoundTrips measured) {
    List<Check> all = new ArrayList<>(declared(inventory, cluster));
    all.addAll(Distances.of(inventory, cluster, measured));
    return all;
  }
}
